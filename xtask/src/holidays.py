"""Prints the days of mainland China that are not what their weekday says, one a line, from 2010 to the last year the package knows."""

import sys
from datetime import date, timedelta
from importlib.metadata import version

import chinese_calendar

PACKAGE, FIRST_YEAR = "chinesecalendar", 2010


def exceptions(year):
    """The weekdays off and the weekend days worked of a year."""
    day = date(year, 1, 1)
    while day.year == year:
        works = chinese_calendar.is_workday(day)
        if works != (day.weekday() < 5):
            yield f"{day.isoformat()},{'work' if works else 'off'}"
        day += timedelta(days=1)


def main():
    print(f"# Made by `cargo xtask holidays` from the PyPI package {PACKAGE} {version(PACKAGE)} (MIT); not edited by hand.")
    print("# Weekdays off and weekend days worked in mainland China; each year that occurs here is complete.")
    year = FIRST_YEAR
    while True:
        try:
            # A year the package does not know is an error there, never an empty list.
            lines = list(exceptions(year))
        except NotImplementedError:
            break
        print(*lines, sep="\n")
        year += 1
    if year == FIRST_YEAR:
        sys.exit(f"{PACKAGE} does not know {FIRST_YEAR}")


main()
