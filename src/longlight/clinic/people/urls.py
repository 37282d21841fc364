"""Where people sign in, prove who they are, and are invited. Of the sign-in library only what is used is mounted."""

from allauth.account import views as account
from allauth.mfa.base import views as factors
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkeys
from allauth.usersessions import views as own_sessions
from django.urls import path

from longlight.clinic.people.views import emergency, entrance, patients, review, staff

ENTRANCE = [
    path("sign-in/", account.login, name="account_login"),
    path("sign-out/", account.logout, name="account_logout"),
    path("sign-in/inactive/", account.account_inactive, name="account_inactive"),
    path("sign-in/code/", account.request_login_code, name="account_request_login_code"),
    path("sign-in/code/confirm/", account.confirm_login_code, name="account_confirm_login_code"),
    path("sign-in/second/", factors.authenticate, name="mfa_authenticate"),
    path("sign-in/passkey/", passkeys.login_webauthn, name="mfa_login_webauthn"),
    path("sign-in/reset/", account.password_reset, name="account_reset_password"),
    path(
        "sign-in/reset/code/",
        account.confirm_password_reset_code,
        name="account_confirm_password_reset_code",
    ),
    path(
        "sign-in/reset/password/",
        account.complete_password_reset,
        name="account_complete_password_reset",
    ),
    path(
        "sign-in/reset/done/",
        account.password_reset_from_key_done,
        name="account_password_reset_completed",
    ),
]
OWN_ACCOUNT = [
    path("account/", factors.index, name="mfa_index"),
    path("account/prove/", account.reauthenticate, name="account_reauthenticate"),
    path("account/prove/code/", factors.reauthenticate, name="mfa_reauthenticate"),
    path(
        "account/prove/passkey/",
        passkeys.reauthenticate_webauthn,
        name="mfa_reauthenticate_webauthn",
    ),
    path("account/password/", account.password_change, name="account_change_password"),
    path("account/password/set/", account.password_set, name="account_set_password"),
    path("account/app/", totp.activate_totp, name="mfa_activate_totp"),
    path("account/app/remove/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("account/codes/", recovery.view_recovery_codes, name="mfa_view_recovery_codes"),
    path(
        "account/codes/new/", recovery.generate_recovery_codes, name="mfa_generate_recovery_codes"
    ),
    path(
        "account/codes/file/", recovery.download_recovery_codes, name="mfa_download_recovery_codes"
    ),
    path("account/passkeys/", passkeys.list_webauthn, name="mfa_list_webauthn"),
    path("account/passkeys/add/", passkeys.add_webauthn, name="mfa_add_webauthn"),
    path("account/passkeys/<int:pk>/name/", passkeys.edit_webauthn, name="mfa_edit_webauthn"),
    path("account/passkeys/<int:pk>/remove/", passkeys.remove_webauthn, name="mfa_remove_webauthn"),
    path("account/sessions/", own_sessions.list_usersessions, name="usersessions_list"),
    path("account/role/", entrance.choose, name="people-choose"),
    path("account/start/", entrance.start, name="people-start"),
    path("account/locked/", entrance.locked, name="people-locked"),
    path("account/lock/", entrance.lock, name="people-lock"),
    path("account/stay/", entrance.stay, name="people-stay"),
    path("account/draft/discard/", entrance.discard, name="people-discard-draft"),
    path("account/emergencies/", emergency.mine, name="people-my-emergencies"),
]
PEOPLE = [
    path("invitation/", entrance.accept, name="people-accept"),
    path("invitation/<str:token>", entrance.open_invitation, name="people-invitation"),
    path("l/<str:token>", entrance.enter_by_link, name="people-link"),
    path("people/", staff.people, name="people-staff"),
    path("people/review/", review.week, name="people-review"),
    path("people/invite/", staff.invite, name="people-invite"),
    path("people/invitations/<uuid:invitation_id>/revoke/", staff.revoke, name="people-revoke"),
    path("people/<uuid:account_id>/", staff.person, name="people-person"),
    path(
        "people/<uuid:account_id>/<slug:change>/",
        staff.change_account,
        name="people-change-account",
    ),
    path(
        "people/patients/<uuid:patient_id>/invite/",
        staff.invite_a_patient,
        name="people-invite-patient",
    ),
    path("patients/new/", patients.register, name="register-patient"),
    path("emergencies/", emergency.review_list, name="people-emergencies"),
    path("emergencies/<uuid:access_id>/review/", emergency.review, name="people-review-emergency"),
    path("emergencies/<uuid:access_id>/end/", emergency.end, name="people-end-emergency"),
    path("emergencies/chart/<uuid:patient_id>/", emergency.open_chart, name="people-emergency"),
]
urlpatterns = [*ENTRANCE, *OWN_ACCOUNT, *PEOPLE]
