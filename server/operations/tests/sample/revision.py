"""Reckons what a plan of AdventureWorks becomes on 2013-08-30, independently of any code of ours, and makes the sample of it.

    python3 revision.py FOLDER_OF_THE_FULL_DATA      (the one that holds adventureworks)

Writes adventureworks/ (the small tables as far as they are used, and of the orders that somebody sold until that day every 5th,
beginning with the first), and expected/aw_revision_full.csv and aw_revision_sample.csv.

The plan is the year 2013 in quarters. AdventureWorks' quarters begin on 2013-02-28, 05-30, 08-30 and 11-30; each quota stands in
the calendar quarter in which its first day lies. On 2013-08-30 two quarters are over: they become what was booked. The quarter
of 2013-08-30 runs: nobody gets less than is booked in it. What the quotas of the two quarters that are over had and nobody
booked (`missing`, the last line's) is what the others get in all, so that the target of the year stays.
"""

import csv
import sys
from collections import defaultdict
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

HERE = Path(__file__).parent
DAY = "2013-08-30"
STEP = 5
QUARTERS = {"2013-02-28": 0, "2013-05-30": 1, "2013-08-30": 2, "2013-11-30": 3}
ORDER = ["SalesOrderNumber", "OrderDate", "SalesPersonID", "SubTotal", "TaxAmt", "Freight", "TotalDue"]
USED = {
    "SalesPersonNames.csv": ["BusinessEntityID", "FirstName", "LastName"],
    "SalesPerson.csv": ["BusinessEntityID", "TerritoryID"],
    "SalesTerritory.csv": ["TerritoryID", "Name"],
    "SalesPersonQuotaHistory.csv": ["BusinessEntityID", "QuotaDate", "SalesQuota"],
}


def rows(path):
    with open(path, encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def write(path, columns, lines):
    path.parent.mkdir(exist_ok=True)
    with open(path, "w", encoding="utf-8", newline="") as file:
        out = csv.DictWriter(file, columns, lineterminator="\n", extrasaction="ignore")
        out.writeheader()
        out.writerows(lines)


def cents(amount):
    return int((amount * 100).quantize(Decimal(1), ROUND_HALF_UP))


def reckon(quotas, orders):
    """One line a person: the quotas by quarter, and what was booked by quarter, all in cents; then all of them."""
    of_people = defaultdict(lambda: [0] * 4)
    for quota in quotas:
        quarter = QUARTERS.get(quota["QuotaDate"][:10])
        if quarter is not None:
            of_people[quota["BusinessEntityID"]][quarter] = cents(Decimal(quota["SalesQuota"]))
    booked = defaultdict(lambda: [Decimal(0)] * 3)
    for order in orders:
        day = order["OrderDate"][:10]
        if day < "2013-01-01":
            continue
        own = list(booked[order["SalesPersonID"]])
        own[(int(day[5:7]) - 1) // 3] += Decimal(order["SubTotal"])
        booked[order["SalesPersonID"]] = own
    for person in sorted(of_people):
        own = [cents(amount) for amount in booked[person]]
        asked = of_people[person]
        yield [person, *asked, *own, sum(asked[:2]) - sum(own[:2])]


def main(root):
    source = Path(root) / "adventureworks"
    tables = {name: rows(source / name) for name in USED}
    for name, columns in USED.items():
        write(HERE / "adventureworks" / name, columns, tables[name])
    orders = [o for o in rows(source / "SalesOrderHeader.csv") if o["SalesPersonID"] and o["OrderDate"][:10] <= DAY]
    few = orders[::STEP]
    write(HERE / "adventureworks" / "SalesOrderHeader.csv", ORDER, few)
    head = ["person", "quota_1", "quota_2", "quota_3", "quota_4", "booked_1", "booked_2", "booked_3", "missing"]
    for name, part in (("full", orders), ("sample", few)):
        lines = list(reckon(tables["SalesPersonQuotaHistory.csv"], part))
        lines.append(["all", *[sum(column) for column in list(zip(*lines))[1:]]])
        with open(HERE / f"expected/aw_revision_{name}.csv", "w", newline="") as file:
            out = csv.writer(file, lineterminator="\n")
            out.writerow(head)
            out.writerows(lines)


main(sys.argv[1])
