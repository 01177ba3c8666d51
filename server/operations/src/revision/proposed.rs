//! What a revision makes of everybody's number, before it is opened and in its draft: before, after, what is booked, and why.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use domain::access::Permission;
use domain::calendar::Day;
use domain::id::NodeId;
use domain::money::Minor;
use domain::plan::{Grid, NodeIndex, PeriodIndex};
use domain::revision::{Amounts, Begin, Bound, Cause, ProposedPage, ProposedQuery, ProposedRow};
use domain::target::VersionStatus;
use serde_json::Value;
use store::version::Node;

use super::begin::Booked;
use super::{news, not_published};
use crate::plan::UNASSIGNED;
use crate::plan::state::{self, State, damaged};
use crate::scope::{require, require_sight};
use crate::seek::Seek;
use crate::{Error, Operations, Scope};

/// What the rows are made of.
struct Made {
    /// The version on record.
    published: State,
    /// Those of the revision.
    nodes: Vec<Node>,
    after: Grid,
    /// The same as it was opened, before anybody changed it by hand.
    began: Option<Grid>,
    booked: Booked,
    begins_on: Day,
    begin: Option<Begin>,
    /// The rows within reach; none: all.
    seen: Option<BTreeSet<u32>>,
}

/// What a revision makes of everybody's number within reach of somebody.
#[derive(Debug)]
pub(crate) struct Proposals {
    /// What stands above the rows, without any.
    page: ProposedPage,
    rows: Vec<ProposedRow>,
}

impl Operations {
    /// A page of what a revision makes of everybody's number. Of one that is not opened yet for those who plan; of a draft for
    /// those who see it, as far as they do. It is kept while nothing changes: the next page is not reckoned anew.
    pub async fn proposed_page(&self, scope: &Scope, query: &ProposedQuery) -> Result<ProposedPage, Error> {
        match query.begin {
            Some(_) => require(scope, Permission::EditPlan)?,
            None => require_sight(scope)?,
        }
        let key = self.recent_key(scope, query.version, query.begin).await?;
        let all = match self.proposals.find(&key) {
            Some(all) => all,
            None => {
                let all = Arc::new(self.proposals_of(scope, query).await?);
                self.proposals.keep(key, all.rows.len(), &all);
                all
            }
        };
        let seek = Seek::new(&query.search);
        let is_sought = |row: &ProposedRow| seek.finds(&row.name) || seek.finds(&row.above);
        let listed: Vec<&ProposedRow> = all.rows.iter().filter(|row| is_sought(row)).collect();
        Ok(all.page.clone().turn(&listed, query.offset))
    }

    /// All of it that is within reach.
    async fn proposals_of(&self, scope: &Scope, query: &ProposedQuery) -> Result<Proposals, Error> {
        let made = match query.begin {
            Some(begin) => self.would_begin(scope, query, begin).await?,
            None => self.has_begun(scope, query).await?,
        };
        let organization = store::organization::get(&self.database.reader(), scope).await?;
        let mut rows = made.rows();
        if matches!(made.begin, Some(Begin::MakeUp | Begin::MakeUpTeams)) {
            ProposedPage::share_out(&mut rows);
        }
        let is_seen = |node: NodeIndex| made.seen.as_ref().is_none_or(|seen| seen.contains(&node.0));
        rows.retain(|row| is_seen(row.node));
        let root = NodeIndex(0);
        let page = ProposedPage {
            begin: made.begin,
            begins_on: made.begins_on,
            currency: organization.currency,
            whole: is_seen(root).then(|| {
                (
                    made.published.grid.amount(root, None),
                    made.after.amount(root, None),
                )
            }),
            matching: 0,
            sum: Amounts::default(),
            offset: 0,
            rows: Vec::new(),
        };
        Ok(Proposals { page, rows })
    }

    /// What opening one would make, without opening it.
    async fn would_begin(&self, scope: &Scope, query: &ProposedQuery, begin: Begin) -> Result<Made, Error> {
        require(scope, Permission::EditPlan)?;
        let all = state::all(scope);
        let reader = self.database.reader();
        let row = store::version::get(&reader, scope, query.version).await?;
        if row.status != VersionStatus::Published {
            return Err(not_published());
        }
        let organization = store::organization::get(&reader, scope).await?;
        let today = self.today_of(&organization).day;
        let published = State::load(&reader, &all, row).await?;
        if published.plan.span.ends_on <= today {
            return Err(super::plan_over());
        }
        let news = news::since_published(&reader, &all, &published.plan, &published.version, today).await?;
        let start = self.begin_revision(scope, &published, today, news, begin).await?;
        Ok(Made {
            published,
            nodes: start.nodes,
            after: start.after,
            began: None,
            booked: start.booked,
            begins_on: start.begins_on,
            begin: Some(begin),
            seen: None,
        })
    }

    /// What a draft is, beside what it adjusts.
    async fn has_begun(&self, scope: &Scope, query: &ProposedQuery) -> Result<Made, Error> {
        require_sight(scope)?;
        let all = state::all(scope);
        let reader = self.database.reader();
        let draft = store::version::get(&reader, scope, query.version).await?;
        let visible = store::version::nodes(&reader, scope, draft.id).await?;
        let revision = store::revision::of_draft(&reader, &all, draft.id).await?;
        let Some(revision) = revision.filter(|_| !visible.is_empty()) else {
            return Err(Error::NotFound("revision"));
        };
        let row = store::version::get(&reader, &all, revision.version).await?;
        let published = State::load(&reader, &all, row).await?;
        let (begin, began) = opened_with(&revision.cause)?;
        let draft = State::load(&reader, &all, draft).await?;
        let began = match began {
            None => None,
            Some(head) => {
                let shape = Arc::clone(draft.grid.shape());
                Some(state::fold(&reader, &all, draft.version.id, shape, head).await?.0)
            }
        };
        let organization = store::organization::get(&reader, scope).await?;
        let today = self.today_of(&organization).day;
        let booked = self.booked_of(scope, &published, &draft.nodes, today).await?;
        Ok(Made {
            begins_on: revision.begins_on.unwrap_or(published.plan.span.starts_on),
            published,
            nodes: draft.nodes,
            after: draft.grid,
            began,
            booked,
            begin,
            seen: Some(visible.iter().map(|node| node.ordinal).collect()),
        })
    }
}

impl Made {
    /// The numbers that are nobody's sum: those of people, of units without people, and what is nobody's.
    fn rows(&self) -> Vec<ProposedRow> {
        let shape = self.after.shape();
        let known: HashMap<NodeId, NodeIndex> = self
            .published
            .nodes
            .iter()
            .map(|node| (node.id, NodeIndex(node.ordinal)))
            .collect();
        let leaves = shape.nodes().filter(|node| shape.is_leaf(*node));
        leaves
            .filter_map(|index| {
                let node = self.nodes.get(index.0 as usize)?;
                let above = shape.parent(index);
                Some(ProposedRow {
                    node: index,
                    name: node.name.clone(),
                    above: above.map_or_else(String::new, |above| shape.name(above).to_owned()),
                    group: match self.begin {
                        Some(Begin::MakeUpTeams) => above.unwrap_or(index),
                        _ => NodeIndex(0),
                    },
                    amounts: self.amounts(index, known.get(&node.id).copied()),
                    share_ppm: None,
                    bounds: self.bounds(index, node),
                })
            })
            .collect()
    }

    fn is_over(&self, period: PeriodIndex) -> bool {
        let period = self.published.plan.periods.get(usize::from(period.0));
        period.is_some_and(|period| period.start < self.begins_on)
    }

    fn booked(&self, index: NodeIndex, period: PeriodIndex) -> Minor {
        let row = self.booked.get(index.0 as usize);
        let booked = row.and_then(|row| row.get(usize::from(period.0)));
        booked.copied().unwrap_or_default()
    }

    fn amounts(&self, index: NodeIndex, was: Option<NodeIndex>) -> Amounts {
        let mut amounts = Amounts::default();
        for period in self.after.periods() {
            let before = was.map_or(Minor(0), |was| self.published.grid.amount(was, Some(period)));
            let after = self.after.amount(index, Some(period));
            let began = self.began.as_ref();
            let began = began.map_or(after, |began| began.amount(index, Some(period)));
            let is_over = self.is_over(period);
            amounts.add(&Amounts {
                before,
                after,
                over_before: if is_over { before } else { Minor(0) },
                over_after: if is_over { after } else { Minor(0) },
                booked: self.booked(index, period),
                by_hand: Minor(if is_over { 0 } else { after.0 - began.0 }),
            });
        }
        amounts
    }

    /// What held a number in the periods that are left; the first that did so in each, and what held its total.
    fn bounds(&self, index: NodeIndex, node: &Node) -> Vec<(Bound, u16)> {
        let mut held: BTreeMap<Bound, u16> = BTreeMap::new();
        if node.level == UNASSIGNED {
            return Vec::new();
        }
        let total = self.after.constraint(index, None);
        let sum = self.after.amount(index, None);
        let left = self.after.periods().filter(|period| !self.is_over(*period));
        for period in left {
            let own = self.after.constraint(index, Some(period));
            let (amount, booked) = (self.after.amount(index, Some(period)), self.booked(index, period));
            let found = if own.cap == Some(Minor(0)) {
                Some(Bound::Absent)
            } else if total.lock.is_some() || self.is_locked(index, period) {
                Some(Bound::Locked)
            } else if booked.0 > 0 && amount <= booked {
                Some(Bound::Booked)
            } else if own.floor == Some(amount) || total.floor == Some(sum) {
                Some(Bound::Floor)
            } else if own.cap == Some(amount) || total.cap == Some(sum) {
                Some(Bound::Cap)
            } else {
                None
            };
            if let Some(found) = found {
                *held.entry(found).or_default() += 1;
            }
        }
        held.into_iter().collect()
    }

    /// Whether a number of a period is locked, or that of a unit above it, of which it is a part.
    fn is_locked(&self, index: NodeIndex, period: PeriodIndex) -> bool {
        let shape = self.after.shape();
        std::iter::successors(Some(index), |node| shape.parent(*node))
            .any(|node| self.after.constraint(node, Some(period)).lock.is_some())
    }
}

/// A cause as it is kept, with how the revision begins, and after how many changes it stood as it began.
pub(super) fn kept_with(cause: &str, begin: Begin, head: u64) -> Result<String, Error> {
    let mut kept: Value = serde_json::from_str(cause).map_err(damaged)?;
    if let Value::Object(fields) = &mut kept {
        fields.insert("begin".to_owned(), begin.as_str().into());
        fields.insert("began".to_owned(), head.into());
    }
    let kept = kept.to_string();
    // Whoever reads the cause alone still does.
    let _cause: Cause = serde_json::from_str(&kept).map_err(damaged)?;
    Ok(kept)
}

/// A cause without what was kept with it.
pub(super) fn cause_alone(kept: &str) -> Result<String, Error> {
    let cause: Cause = serde_json::from_str(kept).map_err(damaged)?;
    serde_json::to_string(&cause).map_err(damaged)
}

/// What was kept with a cause; of a draft that an older build opened, or that was opened for a change of staff, nothing is.
fn opened_with(cause: &str) -> Result<(Option<Begin>, Option<u64>), Error> {
    let kept: Value = serde_json::from_str(cause).map_err(damaged)?;
    let begin = kept.get("begin").and_then(Value::as_str).and_then(Begin::parse);
    Ok((begin, kept.get("began").and_then(Value::as_u64)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_a_revision_begins_is_kept_with_its_cause() {
        let causes = [
            Cause::Person,
            Cause::HalfEnd {
                half: "2018-H1".to_owned(),
            },
            Cause::Pace {
                pace_ppm: 800_000,
                quarter: "2018-Q1".to_owned(),
            },
        ];
        for cause in causes {
            let text = serde_json::to_string(&cause).unwrap();
            assert_eq!(opened_with(&text).unwrap(), (None, None));
            let kept = kept_with(&text, Begin::MakeUpTeams, 2).unwrap();
            assert_eq!(opened_with(&kept).unwrap(), (Some(Begin::MakeUpTeams), Some(2)));
            assert_eq!(serde_json::from_str::<Cause>(&kept).unwrap(), cause);
            assert_eq!(cause_alone(&kept).unwrap(), text);
        }
    }
}
