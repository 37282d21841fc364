"""The demo: two synthetic clinics, filled by every step's own actions, and links that sign in as each role.

Stands beside the desks, on top of the path. It never touches a database that holds anyone who is not synthetic.
"""
