"""Gathers every step's models into the one app, so that moving one between steps costs no migration."""

from longlight.clinic.contact.models import Heartbeat as Heartbeat
from longlight.clinic.contact.models import Job as Job
from longlight.clinic.contact.models import Message as Message
from longlight.clinic.demo.models import DemoLink as DemoLink
from longlight.clinic.people.models import Account as Account
from longlight.clinic.people.models import CareTeamMember as CareTeamMember
from longlight.clinic.people.models import Clinic as Clinic
from longlight.clinic.people.models import EmergencyAccess as EmergencyAccess
from longlight.clinic.people.models import Invitation as Invitation
from longlight.clinic.people.models import KeptDraft as KeptDraft
from longlight.clinic.people.models import Membership as Membership
from longlight.clinic.people.models import MembershipChange as MembershipChange
from longlight.clinic.people.models import Patient as Patient
from longlight.clinic.people.models import PatientLink as PatientLink
from longlight.clinic.record.models import AuditAnchor as AuditAnchor
from longlight.clinic.record.models import AuditHead as AuditHead
from longlight.clinic.record.models import AuditRow as AuditRow
from longlight.clinic.safety.models import Alert as Alert
from longlight.clinic.safety.models import AlertEvent as AlertEvent
from longlight.clinic.safety.models import SafetyPolicy as SafetyPolicy
from longlight.clinic.schedule.models import Appointment as Appointment
from longlight.clinic.schedule.models import Hold as Hold
from longlight.clinic.schedule.models import OpeningHours as OpeningHours
from longlight.clinic.schedule.models import Resource as Resource
