"""Makes the sample of the Maven files, and computes the figures the tests compare with, independently of any code of ours.

    python3 figures.py FOLDER_OF_THE_FULL_DATA      (the one that holds maven_crm)

Writes maven_crm/sales_pipeline.csv (every 17th row, beginning with the first), expected/maven_won.csv of the sample in the form
of the full data's, and expected/figures_full.csv and figures_sample.csv.
"""

import csv
import io
import sys
from collections import Counter, defaultdict
from pathlib import Path

HERE = Path(__file__).parent
STEP = 17


def rows(text):
    return list(csv.DictReader(io.StringIO(text)))


def won_of(deals, teams):
    """Won deals and value by manager, office and product (a line for each quarter and for all), and by month."""
    sums = defaultdict(lambda: [0, 0])
    for deal in deals:
        if deal["deal_stage"] != "Won":
            continue
        year, month = deal["close_date"][:4], int(deal["close_date"][5:7])
        quarter = f"{year}-Q{(month + 2) // 3}"
        team = teams[deal["sales_agent"]]
        keys = [
            ("manager", team["manager"]),
            ("office", team["regional_office"]),
            ("product", "GTX Pro" if deal["product"] == "GTXPro" else deal["product"]),
        ]
        places = [(*key, period) for key in keys for period in (quarter, "all")]
        places.append(("month", deal["close_date"][:7], "all"))
        for place in places:
            sums[place][0] += 1
            sums[place][1] += int(deal["close_value"])
    return sums


def figures(deals, teams):
    won = [deal for deal in deals if deal["deal_stage"] == "Won"]
    value = lambda some: sum(int(deal["close_value"]) for deal in some)
    by_agent = Counter()
    for deal in won:
        by_agent[deal["sales_agent"]] += int(deal["close_value"])
    best, best_value = by_agent.most_common(1)[0]
    last = [deal for deal in won if deal["close_date"] >= "2017-10-01"]
    yield "opportunities", len(deals)
    yield "won", len(won)
    yield "won_value", value(won)
    yield "gtxpro", sum(deal["product"] == "GTXPro" for deal in deals)
    yield "without_account", sum(not deal["account"] for deal in deals)
    yield "agents_without_deals", ";".join(sorted(set(teams) - {deal["sales_agent"] for deal in deals}))
    yield "agents_without_won", len(set(teams) - set(by_agent))
    yield "best_agent", best
    yield "best_agent_won", sum(deal["sales_agent"] == best for deal in won)
    yield "best_agent_value", best_value
    yield "q4_value", value(last)
    yield "q4_value_until_11_30", value(deal for deal in last if deal["close_date"] <= "2017-11-30")


def write(path, header, lines):
    with open(path, "w", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(header)
        out.writerows(lines)


def main(root):
    source = Path(root) / "maven_crm"
    text = (source / "sales_pipeline.csv").read_bytes().decode()
    head, *lines = text.splitlines(keepends=True)
    sample = head + "".join(lines[::STEP])
    (HERE / "maven_crm" / "sales_pipeline.csv").write_bytes(sample.encode())
    teams = {row["sales_agent"]: row for row in rows((source / "sales_teams.csv").read_text())}
    for name, part in (("full", text), ("sample", sample)):
        deals = rows(part)
        write(HERE / f"expected/figures_{name}.csv", ["figure", "value"], figures(deals, teams))
    won = won_of(rows(sample), teams)
    order = sorted(won, key=lambda key: (["manager", "office", "product", "month"].index(key[0]), key))
    lines = [[*key, *won[key]] for key in order]
    write(HERE / "expected/maven_won.csv", ["dimension", "key", "period", "won_deals", "won_value"], lines)


main(sys.argv[1])
