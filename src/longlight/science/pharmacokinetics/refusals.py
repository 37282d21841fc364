"""The one exception that pharmacokinetics raises for input it cannot use."""


class CannotCompute(ValueError):
    """Input that cannot be used, told in one sentence that says what to do."""
