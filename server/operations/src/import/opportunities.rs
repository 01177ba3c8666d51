//! Rows of opportunities: from cells to what is stored, the same for a dry run and for writing.

mod steps;

use std::collections::HashMap;
use std::sync::Arc;

use domain::calendar::Day;
use domain::id::{AccountId, ChannelId, MemberId, OpportunityId, ProductId};
use domain::import::{Field, Finding, Problem, Reason};
use domain::metric::{Stage, Status};
use domain::money::Fact;
use store::opportunity::{Entry, Opportunity};
use uuid::Uuid;

use super::catalog::{Catalog, Noun};
use super::cells::{Cell, Cells, Columns};
use super::crediting::Crediting;
use super::file::Row;
use super::hash::Fnv;
use super::pipeline::{Gathered, Reads, Says};
use super::refer::Refer;
use steps::steps;

/// A row that says something about one opportunity.
#[derive(Debug)]
pub(super) struct Said {
    /// The row's number.
    row: u64,
    external_id: String,
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
    hash: i64,
}

/// A row that cannot be taken over, and what it says all the same.
#[derive(Debug)]
struct Unsaid {
    problems: Vec<Problem>,
    /// Whose deal it is, where that can be read.
    member: Option<MemberId>,
    /// What it counts for the control totals, where that can be read: the source counts it, whatever is wrong beside it.
    counted: Option<(Day, Fact)>,
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
    met: Met,
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
            met: Met::default(),
        }
    }

    /// What a row says, or what is wrong with it.
    fn read(&mut self, row: Row<'_>, catalog: &mut Catalog) -> Result<Said, Unsaid> {
        let Self {
            columns,
            refer,
            stages,
            blanks,
            currency,
            ..
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
                said.hash = said.digest();
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
}

impl Reads for Reader {
    type Said = Said;

    fn row(&mut self, row: Row<'_>, catalog: &mut Catalog, gathered: &mut Gathered<Said>) {
        match self.read(row, catalog) {
            Ok(said) => {
                gathered.count(said.member(), said.counts());
                match self.met.again(&said).or_else(|| said.contradiction()) {
                    None => gathered.take(said),
                    Some(reason) => gathered.refuse(row, vec![Problem::row(row.number, reason)]),
                }
            }
            Err(unsaid) => {
                gathered.count(unsaid.member, unsaid.counted);
                gathered.refuse(row, unsaid.problems);
            }
        }
    }

    fn end(&mut self, _: &mut Gathered<Said>) {}

    fn into_findings(self) -> Vec<Finding> {
        let mut findings = self.refer.into_findings();
        findings.extend(blank(self.blanks));
        findings
    }
}

/// What is told about empty cells.
pub(super) fn blank(blanks: HashMap<Field, u64>) -> impl Iterator<Item = Finding> {
    let mut blanks: Vec<(Field, u64)> = blanks.into_iter().collect();
    blanks.sort();
    blanks
        .into_iter()
        .map(|(field, rows)| Finding::Blank { field, rows })
}

/// The id that was read last: in sorted rows a second row of an id comes right after the first.
#[derive(Debug, Default)]
struct Met {
    external_id: String,
    row: u64,
}

impl Met {
    fn again(&mut self, said: &Said) -> Option<Reason> {
        if self.external_id == said.external_id {
            return Some(Reason::Duplicate { first_row: self.row });
        }
        self.external_id.clone_from(&said.external_id);
        self.row = said.row;
        None
    }
}

pub(super) fn channel(catalog: &mut Catalog, name: &str) -> uuid::Uuid {
    use super::catalog::Meaning;
    match catalog.plain_meaning(Noun::Channel, name) {
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
    /// Hash of everything the row says.
    fn digest(&self) -> i64 {
        let mut hash = Fnv::new();
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
        hash.finish()
    }

    /// What contradicts itself within the row, whatever is stored.
    fn contradiction(&self) -> Option<Reason> {
        match (&self.created_on, &self.closed_on) {
            (Cell::Set(created), Cell::Set(closed)) => in_order(*created, *closed).err(),
            _ => None,
        }
    }
}

impl Says for Said {
    type Entry = Entry;

    fn row(&self) -> u64 {
        self.row
    }

    fn rows(&self) -> u64 {
        1
    }

    fn external_id(&self) -> &str {
        &self.external_id
    }

    fn hash(&self) -> i64 {
        self.hash
    }

    fn member(&self) -> Option<MemberId> {
        Some(self.member)
    }

    /// Won deals count by their close date.
    fn counts(&self) -> Option<(Day, Fact)> {
        counted(self.stage, &self.closed_on, &self.amount)
    }

    fn refused(&self, reason: Reason) -> Vec<Problem> {
        vec![Problem::row(self.row, reason)]
    }

    fn apply(self, id: Uuid, stored: Option<&Entry>, credit: &Crediting) -> Result<Entry, Vec<Problem>> {
        let before = stored.map(|entry| &entry.opportunity);
        let opportunity = Opportunity {
            id: OpportunityId(id),
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
        check(&opportunity).map_err(|reason| vec![Problem::row(self.row, reason)])?;
        let events = steps(&opportunity, stored, credit.today);
        let credits = credit.deal(&opportunity);
        Ok(Entry {
            opportunity,
            events,
            credits,
        })
    }

    fn same(entry: &Entry, stored: &Entry) -> bool {
        let mut opportunity = entry.opportunity.clone();
        opportunity.row_hash = stored.opportunity.row_hash;
        opportunity == stored.opportunity && entry.events == stored.events && entry.credits == stored.credits
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
