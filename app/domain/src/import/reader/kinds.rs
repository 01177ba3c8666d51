//! The rules of each kind of row.

use crate::calendar::Period;
use crate::format::Lang;
use crate::import::reader::cells::{Cells, is_dash, no_amount, no_year, not_negative};
use crate::import::row::{
    AccountRow, Cell, MemberRow, OpportunityRow, ProductRow, Record, TargetAmount, TargetRow, UnitRow,
};
use crate::import::{Field, Kind, Problem, Reason, normalize, similar, value_period};
use crate::metric::{MetricKey, Stage, Status};
use crate::money::AmountStyle;

/// Reads the row by its kind; `None` where a required cell did not come (the problem is noted).
pub(super) fn read<'a>(cells: &mut Cells<'a, '_>) -> Option<Record<'a>> {
    match cells.reader.kind() {
        Kind::Units => Some(Record::Unit(unit(cells))),
        Kind::Members => Some(Record::Member(member(cells))),
        Kind::Products => Some(Record::Product(product(cells))),
        Kind::Accounts => Some(Record::Account(account(cells))),
        Kind::Opportunities => opportunity(cells).map(Record::Opportunity),
        Kind::Targets => Some(Record::Target(target(cells))),
    }
}

fn unit<'a>(cells: &mut Cells<'a, '_>) -> UnitRow<'a> {
    let row = UnitRow {
        external_id: cells.words(Field::ExternalId),
        name: cells.required(Field::Name),
        parent: cells.words(Field::Parent),
        level: cells.words(Field::Level),
        manager: cells.words(Field::Manager),
        starts_on: cells.day(Field::StartsOn),
        ends_on: cells.last_day(Field::EndsOn),
    };
    in_order(cells, row.starts_on, row.ends_on, Field::EndsOn);
    row
}

fn member<'a>(cells: &mut Cells<'a, '_>) -> MemberRow<'a> {
    let row = MemberRow {
        external_id: cells.words(Field::ExternalId),
        name: cells.required(Field::Name),
        manager: cells.words(Field::Manager),
        unit: cells.words(Field::Unit),
        email: cells.email(Field::Email),
        hired_on: cells.day(Field::HiredOn),
        left_on: cells.last_day(Field::LeftOn),
        share_ppm: cells.share(Field::Share),
    };
    in_order(cells, row.hired_on, row.left_on, Field::LeftOn);
    row
}

/// An end that is not after its start is refused; `end` is exclusive.
fn in_order(
    cells: &mut Cells<'_, '_>,
    start: Cell<crate::calendar::Day>,
    end: Cell<crate::calendar::Day>,
    field: Field,
) {
    if let (Cell::Set(start), Cell::Set(end)) = (start, end)
        && end <= start
    {
        let ends_on = end.plus(-1).to_string();
        let reason = Reason::EndsBeforeStart {
            starts_on: start.to_string(),
            ends_on: ends_on.clone(),
        };
        cells.refuse(field, &ends_on, reason);
    }
}

fn product<'a>(cells: &mut Cells<'a, '_>) -> ProductRow<'a> {
    let style = cells.reader.style;
    ProductRow {
        external_id: cells.words(Field::ExternalId),
        name: cells.required(Field::Name),
        category: cells.words(Field::Category),
        price: cells.amount(Field::Price, style),
    }
}

fn account<'a>(cells: &mut Cells<'a, '_>) -> AccountRow<'a> {
    // Revenue is the customer's, in whatever unit its source keeps; the file's unit of amounts does not apply.
    let style = AmountStyle {
        unit: 1,
        ..cells.reader.style
    };
    AccountRow {
        external_id: cells.words(Field::ExternalId),
        name: cells.required(Field::Name),
        industry: cells.words(Field::Industry),
        revenue: cells.amount(Field::Revenue, style),
        employees: cells
            .whole(Field::Employees, 0, 100_000_000)
            .map(|number| number as u32),
        founded_year: cells
            .whole(Field::FoundedYear, 1000, 2199)
            .map(|number| number as u16),
        location: cells.words(Field::Location),
        parent: cells.words(Field::Parent),
        member: cells.words(Field::Member),
        channel: cells.words(Field::Channel),
    }
}

fn opportunity<'a>(cells: &mut Cells<'a, '_>) -> Option<OpportunityRow<'a>> {
    let style = cells.reader.style;
    let stage_text = cells.required(Field::Stage);
    let stage = Stage::recognize(stage_text);
    if stage.is_none() && !stage_text.is_empty() {
        let labels = Stage::ALL
            .iter()
            .flat_map(|stage| [stage.label(Lang::En), stage.label(Lang::ZhCn)]);
        let nearest = similar::suggest(stage_text, labels);
        cells.refuse_suggesting(Field::Stage, stage_text, Reason::UnknownStage, nearest);
    }
    let external_id = cells.required(Field::ExternalId);
    let name = cells.words(Field::Name);
    let member = cells.required(Field::Member);
    let product = cells.words(Field::Product);
    let account = cells.words(Field::Account);
    let created_on = cells.day(Field::CreatedOn);
    let before = cells.problems.len();
    let closed_on = cells.day(Field::ClosedOn);
    let amount = cells.amount(Field::Amount, style);
    let unread = cells.problems.len() > before;
    let probability_ppm = cells.share(Field::Probability);
    let channel = cells.words(Field::Channel);
    cells.currency(Field::Currency);
    let stage = stage?;
    if let (Cell::Set(created), Cell::Set(closed)) = (created_on, closed_on)
        && closed < created
    {
        let reason = Reason::ClosedBeforeCreated {
            created_on: created.to_string(),
            closed_on: closed.to_string(),
        };
        cells.refuse(Field::ClosedOn, &closed.to_string(), reason);
    }
    if stage.status() == Status::Won && !unread {
        if closed_on.value().is_none() {
            cells.refuse(Field::ClosedOn, "", Reason::WonWithoutCloseDate);
        }
        if amount.value().is_none() {
            cells.refuse(Field::Amount, "", Reason::WonWithoutAmount);
        }
    }
    Some(OpportunityRow {
        external_id,
        name,
        member,
        product,
        account,
        stage,
        created_on,
        closed_on,
        amount,
        probability_ppm,
        channel,
    })
}

fn target<'a>(cells: &mut Cells<'a, '_>) -> TargetRow<'a> {
    let member = cells.optional(Field::Member);
    let unit = cells.optional(Field::Unit);
    if member.is_none() && unit.is_none() {
        cells.problems.push(Problem::row(cells.row, Reason::NoCarrier));
    }
    let metric = metric(cells);
    cells.currency(Field::Currency);
    let year = year(cells);
    let mut amounts = Vec::new();
    if cells.reader.layout() == crate::import::Layout::Wide {
        wide(cells, year, &mut amounts);
    } else {
        long(cells, year, &mut amounts);
    }
    TargetRow {
        member,
        unit,
        metric,
        amounts,
    }
}

/// The metric of a row: its key, or one of the names of those that are shipped.
fn metric(cells: &mut Cells<'_, '_>) -> Option<MetricKey> {
    const NAMES: [(&str, MetricKey); 5] = [
        ("签约额", MetricKey::BOOKINGS),
        ("发货额", MetricKey::SHIPMENTS),
        ("回款额", MetricKey::COLLECTED),
        ("新增客户", MetricKey::NEW_CUSTOMERS),
        ("跟进数", MetricKey::ACTIVITIES),
    ];
    let text = cells.optional(Field::Metric)?;
    let known = NAMES.into_iter().find(|(name, _)| *name == text);
    let key = known.map(|(_, key)| key).or_else(|| {
        let key = text.to_lowercase().replace([' ', '-'], "_");
        MetricKey::parse(&key).ok()
    });
    if key.is_none() {
        cells.refuse(Field::Metric, text, Reason::UnknownMetric);
    }
    key
}

/// The fiscal year of a row: its own cell, else the setting's.
fn year(cells: &mut Cells<'_, '_>) -> Option<u16> {
    let Some(text) = cells.optional(Field::Year) else {
        return cells.reader.setting.year;
    };
    match value_period(text) {
        Some(crate::import::PeriodHeader::Year { year }) => Some(year),
        _ => {
            cells.refuse(Field::Year, text, Reason::Period);
            None
        }
    }
}

/// One amount per period column.
fn wide(cells: &mut Cells<'_, '_>, year: Option<u16>, amounts: &mut Vec<TargetAmount>) {
    let reader = cells.reader;
    for (column, header) in reader.mapping.periods() {
        let text = cells.text(column);
        if text.is_empty() || is_dash(text) {
            continue;
        }
        let reason = match header.resolve(reader.setting.fiscal, year) {
            None if header.lacks_year() && year.is_none() => no_year(),
            None => Reason::Period,
            Some(period) => match not_negative(text, reader.style) {
                Ok(amount) => {
                    amounts.push(TargetAmount {
                        period,
                        amount,
                        column,
                    });
                    continue;
                }
                Err(reason) => reason,
            },
        };
        let header = reader
            .mapping
            .columns
            .get(column)
            .map_or("", |column| column.header.as_str());
        cells
            .problems
            .push(Problem::cell(cells.row, header, Field::Amount, text, reason));
    }
}

/// The one amount of a long row.
fn long(cells: &mut Cells<'_, '_>, year: Option<u16>, amounts: &mut Vec<TargetAmount>) {
    let Some(period) = period(cells, year) else {
        return;
    };
    let Some(column) = cells.reader.columns[Field::Amount as usize] else {
        cells.refuse(Field::Amount, "", no_amount());
        return;
    };
    let text = cells.text(column);
    if text.is_empty() || is_dash(text) {
        return;
    }
    match not_negative(text, cells.reader.style) {
        Ok(amount) => amounts.push(TargetAmount {
            period,
            amount,
            column,
        }),
        Err(reason) => cells.refuse(Field::Amount, text, reason),
    }
}

/// The period of a long row: its period cell, its month of the year, or the whole year.
fn period(cells: &mut Cells<'_, '_>, year: Option<u16>) -> Option<Period> {
    let field = [Field::Period, Field::Month, Field::Year]
        .into_iter()
        .find(|field| cells.reader.columns[*field as usize].is_some())?;
    let text = cells.required(field);
    if text.is_empty() {
        return None;
    }
    let header = value_period(text);
    let period = header.and_then(|header| header.resolve(cells.reader.setting.fiscal, year));
    if period.is_none() {
        let lacks_year = header.is_some_and(crate::import::PeriodHeader::lacks_year) && year.is_none();
        let reason = if lacks_year { no_year() } else { Reason::Period };
        // A year cell that cannot be read has been refused already.
        if field != Field::Year || normalize(text).is_empty() {
            cells.refuse(field, text, reason);
        }
    }
    period
}
