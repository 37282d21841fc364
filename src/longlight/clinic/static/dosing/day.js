// The dosing day before the dose and after it: signs go through the device's queue, as on the monitor, so that a
// network that is gone loses none; once they are kept the page shows them.
import { reload, startRows } from "./rows.js";

startRows({ sent: reload });
