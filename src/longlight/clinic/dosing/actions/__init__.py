"""What changes a dosing day: `day` (arrive, clear, end), `order` (dose and second check), `watch` (give, signs),
`happenings`, `signing`."""

from longlight.clinic.dosing.actions.day import answer_checks as answer_checks
from longlight.clinic.dosing.actions.day import arrive as arrive
from longlight.clinic.dosing.actions.day import clear as clear
from longlight.clinic.dosing.actions.day import end_otherwise as end_otherwise
from longlight.clinic.dosing.actions.day import leave as leave
from longlight.clinic.dosing.actions.day import name_escort as name_escort
from longlight.clinic.dosing.actions.day import ready_to_leave as ready_to_leave
from longlight.clinic.dosing.actions.happenings import note_happening as note_happening
from longlight.clinic.dosing.actions.happenings import take_out_happening as take_out_happening
from longlight.clinic.dosing.actions.happenings import undo_happening as undo_happening
from longlight.clinic.dosing.actions.order import check_order as check_order
from longlight.clinic.dosing.actions.order import order_dose as order_dose
from longlight.clinic.dosing.actions.signing import add_to_record as add_to_record
from longlight.clinic.dosing.actions.signing import sign_record as sign_record
from longlight.clinic.dosing.actions.watch import correct_reading as correct_reading
from longlight.clinic.dosing.actions.watch import end_dose as end_dose
from longlight.clinic.dosing.actions.watch import record_reading as record_reading
from longlight.clinic.dosing.actions.watch import start_dose as start_dose
