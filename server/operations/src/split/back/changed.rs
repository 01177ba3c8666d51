//! A lock or bound that a step back or forth would put back, and that somebody changed since: who, where, and to what exactly.

use std::collections::BTreeMap;

use domain::format::{self, Lang};
use domain::id::UserId;
use domain::money::{Currency, Minor};
use domain::plan::{HeldSince, Intent, NodeIndex, PeriodIndex, RowSince, rows_since};

use crate::plan::state::{self, State, damaged};
use crate::split::change::Change;
use crate::split::{me, people};
use crate::{Error, Scope};

/// What others did since: to a lock or bound of the step, and to its amounts, row by row and how many rows more.
struct Since {
    held: HeldSince,
    rows: Vec<RowSince>,
    more: usize,
}

/// What whoever is told has to know of the plan.
struct Teller<'a> {
    state: &'a State,
    names: &'a BTreeMap<UserId, String>,
    currency: &'a Currency,
    intent: Intent,
    lang: Lang,
}

/// Why the step is not taken. Whoever goes on past the lock goes on past the amounts as well: they are told in the same breath, first.
pub(super) async fn refusal(session: &Change, scope: &Scope, intent: Intent) -> Result<Error, Error> {
    let since = since(session, scope, intent)?;
    let authors = since.rows.iter().map(|row| row.by).chain([since.held.by]);
    let authors: Vec<UserId> = authors.collect();
    let names = people(session.writer(), &state::all(scope), authors).await?;
    let currency = store::organization::get(session.writer(), scope).await?.currency;
    let words = |lang: Lang| {
        let teller = Teller {
            state: &session.state,
            names: &names,
            currency: &currency,
            intent,
            lang,
        };
        teller.words(&since)
    };
    Ok(Error::conflict(
        "constraint_changed",
        words(Lang::ZhCn),
        words(Lang::En),
    ))
}

/// What is asked where others changed amounts of the step since: which, by whom, and what would become of them.
pub(super) fn question(
    (state, names, currency): (&State, &BTreeMap<UserId, String>, &Currency),
    intent: Intent,
    (rows, more): (&[RowSince], usize),
    lang: Lang,
) -> String {
    let teller = Teller {
        state,
        names,
        currency,
        intent,
        lang,
    };
    let mut told = teller.rows(rows, more);
    let anyway = lang.pick(
        "可以照样做：别人的改动保留，只加减自己的那一部分。",
        "It can be done anyway: theirs stays, and only your own part changes.",
    );
    told.push(anyway.to_owned());
    told.join(lang.pick("", " "))
}

fn since(session: &Change, scope: &Scope, intent: Intent) -> Result<Since, Error> {
    let (author, grid) = (me(scope), &session.state.grid);
    let held = session.log.held_since(author, intent, grid);
    let held = held.ok_or_else(|| damaged("a lock or bound that nobody changed"))?;
    let Ok(rest) = session.log.rest(author, intent, grid) else {
        return Err(damaged("a lock or bound of no step"));
    };
    let (rows, more) = rows_since(&rest.differences, |difference| {
        grid.shape().place(difference.cell)
    });
    Ok(Since { held, rows, more })
}

impl Teller<'_> {
    /// The amounts first: they are what a planner decides by.
    fn words(&self, since: &Since) -> String {
        let mut told = self.rows(&since.rows, since.more);
        told.push(self.held(&since.held));
        told.push(self.way_on(!since.rows.is_empty()).to_owned());
        told.join(self.lang.pick("", " "))
    }

    fn rows(&self, rows: &[RowSince], more: usize) -> Vec<String> {
        let mut told: Vec<String> = rows.iter().map(|row| self.amounts(row)).collect();
        if more > 0 {
            let count = format::count(more as u64);
            let rows = if more == 1 { "row" } else { "rows" };
            let words = (format!("还有 {count} 行。"), format!("And {count} more {rows}."));
            told.push(self.lang.pick(words.0, words.1));
        }
        told
    }

    fn amounts(&self, row: &RowSince) -> String {
        let name = self.name(row.node);
        let place = match row.periods.as_slice() {
            periods if periods.len() == self.state.plan.periods.len() => name.to_owned(),
            [one] => self.place(row.node, Some(*one)),
            periods => {
                let count = periods.len();
                self.lang.pick(
                    format!("{name} · {count} 个周期"),
                    format!("{name} · {count} periods"),
                )
            }
        };
        let by = self.by(row.by);
        let (left, now, becomes) = (self.money(row.left), self.money(row.now), self.money(row.becomes));
        match (self.lang, self.intent) {
            (Lang::ZhCn, Intent::Undo) => {
                format!("“{place}”：{by} 之后从 {left} 改成了 {now}，撤销后为 {becomes}。")
            }
            (Lang::ZhCn, Intent::Redo) => {
                format!("“{place}”：{by} 之后从 {left} 改成了 {now}，重做后为 {becomes}。")
            }
            (Lang::En, Intent::Undo) => {
                format!("{place}: {by} changed it from {left} to {now}; taken back, it becomes {becomes}.")
            }
            (Lang::En, Intent::Redo) => {
                format!("{place}: {by} changed it from {left} to {now}; done again, it becomes {becomes}.")
            }
        }
    }

    fn held(&self, held: &HeldSince) -> String {
        let place = self.place(held.node, held.period);
        let (by, did) = (self.by(held.by), self.did(held));
        match self.lang {
            Lang::ZhCn => format!("“{place}”：{by} 之后{did}。"),
            Lang::En => format!("{place}: {by} has since {did}."),
        }
    }

    /// What can be done about it.
    fn way_on(&self, has_amounts: bool) -> &'static str {
        match (self.lang, has_amounts) {
            (Lang::ZhCn, false) => "可以保留别人的改动，只撤销或重做其余部分。",
            (Lang::ZhCn, true) => "可以保留别人的改动，只撤销或重做其余部分；数字上只加减自己的那一部分。",
            (Lang::En, false) => "Theirs can stay, and all else of the step be done.",
            (Lang::En, true) => {
                "Theirs can stay, and all else of the step be done; of the amounts only your own part changes."
            }
        }
    }

    fn name(&self, node: NodeIndex) -> &str {
        self.state.node(node).map_or("", |node| node.name.as_str())
    }

    fn by(&self, user: UserId) -> &str {
        let name = self.names.get(&user).map_or("", String::as_str);
        if name.is_empty() {
            self.lang.pick("有人", "somebody")
        } else {
            name
        }
    }

    fn money(&self, amount: Minor) -> String {
        format::currency_words(amount, self.currency, self.lang)
    }

    fn place(&self, node: NodeIndex, period: Option<PeriodIndex>) -> String {
        let name = self.name(node);
        let period = period.and_then(|period| self.state.plan.periods.get(usize::from(period.0)));
        match period {
            Some(period) => format!("{name} · {}", format::period(period, self.lang)),
            None => name.to_owned(),
        }
    }

    /// What was done to the lock or bound.
    fn did(&self, held: &HeldSince) -> String {
        let lang = self.lang;
        let (left, now) = (held.left, held.now);
        let mut did: Vec<String> = Vec::new();
        if left.lock != now.lock {
            let text = if now.lock.is_some() {
                lang.pick("锁定了这一行", "locked it")
            } else {
                lang.pick("解除了锁定", "unlocked it")
            };
            did.push(text.to_owned());
        }
        if left.floor != now.floor {
            did.push(match now.floor {
                Some(floor) => {
                    let floor = self.money(floor);
                    lang.pick(format!("把下限设为 {floor}"), format!("set its floor to {floor}"))
                }
                None => lang.pick("取消了下限", "taken its floor away").to_owned(),
            });
        }
        if left.cap != now.cap {
            did.push(match now.cap {
                Some(cap) => {
                    let cap = self.money(cap);
                    lang.pick(format!("把上限设为 {cap}"), format!("set its cap to {cap}"))
                }
                None => lang.pick("取消了上限", "taken its cap away").to_owned(),
            });
        }
        did.join(lang.pick("、", " and "))
    }
}
