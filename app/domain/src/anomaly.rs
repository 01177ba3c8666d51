//! What stands out: amounts, drops and surges, pace, and gaps in the process; every finding with its evidence in numbers.
