//! Whoever publishes or approves decides on what they looked at: what was changed since is told instead.

use std::collections::{BTreeMap, BTreeSet};

use domain::format::{self, Lang};
use domain::money::Minor;
use domain::people::actor;
use domain::plan::CellIndex;
use domain::publish::{Looked, Part};
use store::{Scope, Writer};

use super::assumed::assumed;
use crate::Error;
use crate::plan::state::{self, State};

/// People and rows that are named.
const NAMED: usize = 3;

/// What is decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Deed {
    /// A version becomes plan of record.
    Publish,
    /// A step of its approval is passed.
    Approve,
}

/// Refuses where an amount is another than it was after the command that was seen, or where something it is reckoned with is.
/// What was changed and taken back again is none.
pub(crate) async fn refuse_unseen(
    writer: &Writer,
    scope: &Scope,
    state: &State,
    looked: Looked,
    deed: Deed,
) -> Result<(), Error> {
    let numbers = numbers_since(writer, scope, state, looked.head).await?;
    let parts = match looked.assumed {
        Some(then) => {
            let now = assumed(writer, &state::all(scope), &state.plan, state.version.id).await?;
            then.changed(&now)
        }
        None => Vec::new(),
    };
    if numbers.is_none() && parts.is_empty() {
        return Ok(());
    }
    let [zh, en] = [Lang::ZhCn, Lang::En].map(|lang| {
        let told = numbers.as_ref().map(|changed| changed.words(lang));
        let beside = (!parts.is_empty()).then(|| of_parts(&parts, lang));
        let both: Vec<String> = told.into_iter().chain(beside).collect();
        both.join(lang.pick("；", "; "))
    });
    Err(Error::conflict(
        "changed_since_seen",
        match deed {
            Deed::Publish => format!("没有发布：{zh}。请看过现在的样子，再发布。"),
            Deed::Approve => format!("没有通过：{zh}。请看过现在的样子，再审批。"),
        },
        match deed {
            Deed::Publish => format!("Not published: {en}. Look at them as they are now, then publish."),
            Deed::Approve => format!("Not approved: {en}. Look at them as they are now, then approve."),
        },
    ))
}

/// Amounts that were changed.
struct Numbers {
    /// Who changed them.
    by: BTreeSet<String>,
    /// Rows they are of, the deepest first: what lies above follows.
    rows: Vec<String>,
    count: u64,
}

impl Numbers {
    fn words(&self, lang: Lang) -> String {
        let comma = lang.pick("、", ", ");
        let more = |all: usize| if all > NAMED { "…" } else { "" };
        let who: Vec<&str> = self.by.iter().take(NAMED).map(|name| actor(name, lang)).collect();
        let of: Vec<&str> = self.rows.iter().take(NAMED).map(String::as_str).collect();
        let who = format!("{}{}", who.join(comma), more(self.by.len()));
        let of = format!("{}{}", of.join(comma), more(self.rows.len()));
        let count = format::count(self.count);
        match lang {
            Lang::ZhCn => format!("看过之后，{who} 又改了 {count} 个数字（{of}）"),
            Lang::En => format!("{who} changed {count} numbers after they were looked at ({of})"),
        }
    }
}

fn of_parts(parts: &[Part], lang: Lang) -> String {
    let names: Vec<&str> = parts.iter().map(|part| part.words(lang)).collect();
    match lang {
        Lang::ZhCn => format!("看过之后，{}改过", names.join("、")),
        Lang::En => format!("{} changed after they were looked at", names.join(", ")),
    }
}

/// The amounts that are another than after a command; none where all are the same.
async fn numbers_since(
    writer: &Writer,
    scope: &Scope,
    state: &State,
    seen: u64,
) -> Result<Option<Numbers>, Error> {
    if seen > state.head {
        return Err(Error::invalid_field(
            "bad_head",
            "head",
            format!("这个版本最后一步是第 {} 步，还没有第 {seen} 步。", state.head),
            format!(
                "The last command of this version is number {}; there is no number {seen} yet.",
                state.head
            ),
        ));
    }
    let all = state::all(scope);
    let commands = store::version::commands(writer, &all, state.version.id, seen, state.head).await?;
    // By cell: what was seen, and who changed it last.
    let mut changed: BTreeMap<CellIndex, (Minor, &str)> = BTreeMap::new();
    for command in &commands {
        let by = command.actor_name.as_str();
        for delta in &state::entry(command)?.deltas.cells {
            changed.entry(delta.cell).or_insert((delta.old, by)).1 = by;
        }
    }
    let shape = state.grid.shape();
    let mut by = BTreeSet::new();
    let mut rows = BTreeSet::new();
    let mut count = 0_u64;
    for (cell, (before, who)) in changed {
        let (node, period) = shape.place(cell);
        if state.grid.amount(node, Some(period)) != before {
            count += 1;
            by.insert(who.to_owned());
            rows.insert(node);
        }
    }
    if count == 0 {
        return Ok(None);
    }
    let mut rows: Vec<_> = rows.into_iter().collect();
    rows.sort_by_key(|node| (std::cmp::Reverse(shape.depth(*node)), *node));
    let rows = rows.into_iter().map(|node| shape.name(node).to_owned());
    Ok(Some(Numbers {
        by,
        rows: rows.collect(),
        count,
    }))
}
