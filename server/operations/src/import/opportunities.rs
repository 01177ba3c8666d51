//! Rows of opportunities: from cells to what is stored, the same for a dry run and for writing.

mod crediting;

use std::collections::HashMap;
use std::sync::Arc;

use domain::calendar::Day;
use domain::id::{AccountId, ChannelId, MemberId, OpportunityId, ProductId};
use domain::import::{Field, Finding, Problem, Reason};
use domain::metric::{Stage, Status};
use domain::money::Fact;
use store::opportunity::{Entry, Opportunity, StageEvent};

use super::catalog::{Catalog, Noun};
use super::cells::{Cell, Cells, Columns};
use super::file::Row;
use super::refer::Refer;

pub(super) use crediting::Crediting;

/// A row that says something about one opportunity.
#[derive(Debug)]
pub(super) struct Said {
    /// The row's number.
    pub(super) row: u64,
    pub(super) external_id: String,
    name: Cell<String>,
    member: MemberId,
    account: Cell<AccountId>,
    product: Cell<ProductId>,
    channel: Cell<ChannelId>,
    stage: Stage,
    created_on: Cell<Day>,
    closed_on: Cell<Day>,
    amount: Cell<Fact>,
    probability: Cell<u8>,
    /// Hash of what it says; the same row of the same file again says nothing new.
    pub(super) hash: i64,
}

/// A row that cannot be taken over, and what it says all the same.
#[derive(Debug)]
pub(super) struct Unsaid {
    pub(super) problems: Vec<Problem>,
    /// Whose deal it is, where that can be read.
    pub(super) member: Option<MemberId>,
    /// What it counts for the control totals, where that can be read: the source counts it, whatever is wrong beside it.
    pub(super) counted: Option<(Day, Fact)>,
}

/// Reads the rows of one file.
#[derive(Debug)]
pub(super) struct Reader {
    columns: Arc<Columns>,
    refer: Refer,
    stages: HashMap<Box<str>, Option<Stage>>,
    /// Empty cells by field.
    blanks: HashMap<Field, u64>,
    currency: String,
}

/// Fields whose empty cells are told about.
const TOLD_BLANK: [Field; 2] = [Field::Account, Field::Product];

impl Reader {
    /// For the rows of a file whose amounts are in `currency`.
    pub(super) fn new(columns: Arc<Columns>, refer: Refer, currency: &str) -> Self {
        Self {
            columns,
            refer,
            stages: HashMap::new(),
            blanks: HashMap::new(),
            currency: currency.to_owned(),
        }
    }

    /// What a row says, or what is wrong with it.
    pub(super) fn read(&mut self, row: Row<'_>, catalog: &mut Catalog) -> Result<Said, Unsaid> {
        let Self {
            columns,
            refer,
            stages,
            blanks,
            currency,
        } = self;
        let mut cells = columns.cells(row);
        let external_id = cells.required(Field::ExternalId);
        let member = cells
            .required(Field::Member)
            .and_then(|name| refer.to(catalog, Noun::Member, Field::Member, name, &mut cells));
        let mut reference = |noun, field, cells: &mut Cells<'_>| match cells.cell(field) {
            Cell::Keep => Cell::Keep,
            Cell::Clear => Cell::Clear,
            Cell::Set(name) => match refer.to(catalog, noun, field, name, cells) {
                Some(id) => Cell::Set(id),
                None => Cell::Keep,
            },
        };
        let account = reference(Noun::Account, Field::Account, &mut cells);
        let product = reference(Noun::Product, Field::Product, &mut cells);
        let channel = match cells.cell(Field::Channel) {
            Cell::Keep => Cell::Keep,
            Cell::Clear => Cell::Clear,
            // Channels have no list of their own: a new word is a new channel.
            Cell::Set(name) => Cell::Set(channel(
                catalog,
                refer.chosen(Field::Channel, name).unwrap_or(name),
            )),
        };
        let stage = cells.required(Field::Stage).and_then(|text| {
            let stage = if let Some(stage) = stages.get(text) {
                *stage
            } else {
                if stages.len() > 10_000 {
                    stages.clear();
                }
                let meant = refer.chosen(Field::Stage, text).unwrap_or(text);
                *stages.entry(text.into()).or_insert(Stage::recognize(meant))
            };
            if stage.is_none() {
                cells.wrong(Field::Stage, Reason::UnknownStage, suggest_stage(text));
            }
            stage
        });
        let created_on = cells.day(Field::CreatedOn);
        let closed_on = cells.day(Field::ClosedOn);
        let amount = cells.amount(Field::Amount);
        let probability = match cells.cell(Field::Probability) {
            Cell::Keep => Cell::Keep,
            Cell::Clear => Cell::Clear,
            Cell::Set(text) => {
                if let Ok(share) = domain::money::parse_share(text) {
                    Cell::Set((share / 10_000) as u8)
                } else {
                    cells.wrong(Field::Probability, Reason::Percentage, None);
                    Cell::Keep
                }
            }
        };
        let ours = cells.currency(currency);
        for field in TOLD_BLANK {
            if columns.has(field) && cells.text(field).is_empty() {
                *blanks.entry(field).or_default() += 1;
            }
        }
        let name = cells.cell(Field::Name).map(str::to_owned);
        match (external_id, member, stage) {
            (Some(external_id), Some(member), Some(stage)) if cells.problems.is_empty() => {
                let mut said = Said {
                    row: row.number,
                    external_id: external_id.to_owned(),
                    name,
                    member: MemberId(member),
                    account: account.map(AccountId),
                    product: product.map(ProductId),
                    channel: channel.map(ChannelId),
                    stage,
                    created_on,
                    closed_on,
                    amount,
                    probability,
                    hash: 0,
                };
                said.hash = said.hash();
                Ok(said)
            }
            _ => Err(Unsaid {
                problems: cells.problems,
                member: member.map(MemberId),
                // An amount of another currency does not add up with the others.
                counted: stage
                    .filter(|_| ours)
                    .and_then(|stage| counted(stage, &closed_on, &amount)),
            }),
        }
    }

    /// What was found out, at the end of the file.
    pub(super) fn into_findings(self) -> Vec<Finding> {
        let mut findings = self.refer.into_findings();
        let mut blanks: Vec<(Field, u64)> = self.blanks.into_iter().collect();
        blanks.sort();
        findings.extend(
            blanks
                .into_iter()
                .map(|(field, rows)| Finding::Blank { field, rows }),
        );
        findings
    }
}

fn channel(catalog: &mut Catalog, name: &str) -> uuid::Uuid {
    use super::catalog::Meaning;
    match catalog.meaning(Noun::Channel, name) {
        Meaning::Known(id) | Meaning::Alias { id, .. } => id,
        Meaning::Ambiguous(_) | Meaning::Unknown(_) => catalog.make(Noun::Channel, name),
    }
}

fn suggest_stage(text: &str) -> Option<domain::import::Suggestion> {
    use domain::format::Lang;
    let words = Stage::ALL
        .iter()
        .flat_map(|stage| [stage.label(Lang::En), stage.label(Lang::ZhCn)]);
    domain::import::similar::suggest(text, words)
}

impl Said {
    /// Whose deal it is.
    pub(super) fn member(&self) -> MemberId {
        self.member
    }

    /// FNV-1a over everything the row says; a change of this function makes every row new once.
    fn hash(&self) -> i64 {
        let mut hash = Fnv(0xcbf2_9ce4_8422_2325);
        hash.text(&self.external_id);
        hash.cell(&self.name, |hash, name| hash.text(name));
        hash.bytes(self.member.0.as_bytes());
        hash.cell(&self.account, |hash, id| hash.bytes(id.0.as_bytes()));
        hash.cell(&self.product, |hash, id| hash.bytes(id.0.as_bytes()));
        hash.cell(&self.channel, |hash, id| hash.bytes(id.0.as_bytes()));
        hash.text(self.stage.as_str());
        hash.cell(&self.created_on, |hash, day| hash.bytes(&day.0.to_le_bytes()));
        hash.cell(&self.closed_on, |hash, day| hash.bytes(&day.0.to_le_bytes()));
        hash.cell(&self.amount, |hash, amount| hash.bytes(&amount.0.to_le_bytes()));
        hash.cell(&self.probability, |hash, percent| hash.bytes(&[*percent]));
        hash.0.cast_signed()
    }

    /// The amount this row counts for the control totals: won deals by their close date.
    pub(super) fn counts(&self) -> Option<(Day, Fact)> {
        counted(self.stage, &self.closed_on, &self.amount)
    }

    /// What contradicts itself within the row, whatever is stored.
    pub(super) fn contradiction(&self) -> Option<Reason> {
        match (&self.created_on, &self.closed_on) {
            (Cell::Set(created), Cell::Set(closed)) => in_order(*created, *closed).err(),
            _ => None,
        }
    }

    /// The opportunity this row makes of the stored one, with its steps and credits; or what contradicts itself.
    pub(super) fn apply(
        self,
        id: OpportunityId,
        stored: Option<&Entry>,
        credit: &Crediting,
    ) -> Result<Entry, Problem> {
        let before = stored.map(|entry| &entry.opportunity);
        let opportunity = Opportunity {
            id,
            external_id: self.external_id,
            name: self.name.over(before.and_then(|it| it.name.clone())),
            member: self.member,
            account: self.account.over(before.and_then(|it| it.account)),
            product: self.product.over(before.and_then(|it| it.product)),
            channel: self.channel.over(before.and_then(|it| it.channel)),
            stage: self.stage,
            created_on: self.created_on.over(before.and_then(|it| it.created_on)),
            closed_on: self.closed_on.over(before.and_then(|it| it.closed_on)),
            amount: self.amount.over(before.and_then(|it| it.amount)),
            probability: self.probability.over(before.and_then(|it| it.probability)),
            row_hash: self.hash,
        };
        check(&opportunity).map_err(|reason| Problem::row(self.row, reason))?;
        let events = steps(&opportunity, stored, credit.today);
        let credits = credit.of(&opportunity);
        Ok(Entry {
            opportunity,
            events,
            credits,
        })
    }
}

fn counted(stage: Stage, closed_on: &Cell<Day>, amount: &Cell<Fact>) -> Option<(Day, Fact)> {
    match (stage.status(), closed_on, amount) {
        (Status::Won, Cell::Set(day), Cell::Set(amount)) => Some((*day, *amount)),
        _ => None,
    }
}

fn in_order(created: Day, closed: Day) -> Result<(), Reason> {
    if closed < created {
        return Err(Reason::ClosedBeforeCreated {
            created_on: created.to_string(),
            closed_on: closed.to_string(),
        });
    }
    Ok(())
}

fn check(opportunity: &Opportunity) -> Result<(), Reason> {
    if let (Some(created), Some(closed)) = (opportunity.created_on, opportunity.closed_on) {
        in_order(created, closed)?;
    }
    if opportunity.stage.status() == Status::Won {
        if opportunity.closed_on.is_none() {
            return Err(Reason::WonWithoutCloseDate);
        }
        if opportunity.amount.is_none() {
            return Err(Reason::WonWithoutAmount);
        }
    }
    Ok(())
}

/// The dated steps: for a new deal from its dates, for a known one the old steps and the new stage.
fn steps(opportunity: &Opportunity, stored: Option<&Entry>, today: Day) -> Vec<StageEvent> {
    let closed = opportunity.stage.status() != Status::Open;
    let mut events: Vec<StageEvent> = match stored {
        // A step out of a closed deal keeps the close as history only where the deal is closed still.
        Some(entry) if entry.opportunity.created_on == opportunity.created_on => entry
            .events
            .iter()
            .copied()
            .filter(|event| event.stage.status() == Status::Open)
            .collect(),
        _ => Vec::with_capacity(2),
    };
    if events.is_empty()
        && let Some(day) = opportunity.created_on
    {
        let stage = if closed {
            Stage::InitialContact
        } else {
            opportunity.stage
        };
        events.push(StageEvent { stage, day });
    }
    let last = events.last().map(|event| event.stage);
    if closed {
        if let Some(day) = opportunity.closed_on {
            events.push(StageEvent {
                stage: opportunity.stage,
                day,
            });
        }
    } else if stored.is_some() && last != Some(opportunity.stage) {
        events.push(StageEvent {
            stage: opportunity.stage,
            day: today,
        });
    }
    events
}

struct Fnv(u64);

impl Fnv {
    fn bytes(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 ^= u64::from(*byte);
            self.0 = self.0.wrapping_mul(0x0100_0000_01b3);
        }
    }

    fn text(&mut self, text: &str) {
        self.bytes(text.as_bytes());
        self.bytes(&[0xff]);
    }

    fn cell<T>(&mut self, cell: &Cell<T>, hash: impl FnOnce(&mut Self, &T)) {
        match cell {
            Cell::Keep => self.bytes(&[0]),
            Cell::Clear => self.bytes(&[1]),
            Cell::Set(value) => {
                self.bytes(&[2]);
                hash(self, value);
            }
        }
    }
}
