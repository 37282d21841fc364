"""What is known of a dosing day: `day` (facts for the gates, readings, the pump), `alarms`, `predicting`, `signing`."""

from longlight.clinic.dosing.queries.alarms import alarms_of as alarms_of
from longlight.clinic.dosing.queries.day import AskedCheck as AskedCheck
from longlight.clinic.dosing.queries.day import DayLine as DayLine
from longlight.clinic.dosing.queries.day import DosingDay as DosingDay
from longlight.clinic.dosing.queries.day import dosing_day as dosing_day
from longlight.clinic.dosing.queries.day import dosing_on as dosing_on
from longlight.clinic.dosing.queries.day import live_tag as live_tag
from longlight.clinic.dosing.queries.predicting import Prediction as Prediction
from longlight.clinic.dosing.queries.predicting import prediction_of as prediction_of
from longlight.clinic.dosing.queries.signing import RECORD as RECORD
from longlight.clinic.dosing.queries.signing import count_to_sign as count_to_sign
from longlight.clinic.dosing.queries.signing import records_to_sign as records_to_sign
from longlight.clinic.dosing.queries.signing import said_of as said_of
from longlight.clinic.dosing.queries.signing import signed_record as signed_record
