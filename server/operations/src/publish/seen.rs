//! Whoever publishes publishes what they looked at: what was changed since is told instead.

use std::collections::{BTreeMap, BTreeSet};

use domain::format::{self, Lang};
use domain::money::Minor;
use domain::people::actor;
use domain::plan::CellIndex;
use store::{Scope, Writer};

use crate::Error;
use crate::plan::state::{self, State};

/// People and rows that are named.
const NAMED: usize = 3;

/// Refuses where an amount is another than it was after the command `seen`. What was changed and taken back again is none.
pub(super) async fn refuse_unseen(
    writer: &Writer,
    scope: &Scope,
    state: &State,
    seen: u64,
) -> Result<(), Error> {
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
            by.insert(who);
            rows.insert(node);
        }
    }
    if count == 0 {
        return Ok(());
    }
    // Who stands deepest says most: what lies above follows.
    let mut rows: Vec<_> = rows.into_iter().collect();
    rows.sort_by_key(|node| (std::cmp::Reverse(shape.depth(*node)), *node));
    let words = |lang: Lang| {
        let comma = lang.pick("、", ", ");
        let more = |all: usize| if all > NAMED { "…" } else { "" };
        let who: Vec<&str> = by.iter().take(NAMED).map(|name| actor(name, lang)).collect();
        let of: Vec<&str> = rows.iter().take(NAMED).map(|node| shape.name(*node)).collect();
        (
            format!("{}{}", who.join(comma), more(by.len())),
            format!("{}{}", of.join(comma), more(rows.len())),
            format::count(count),
        )
    };
    let (who_zh, of_zh, count_zh) = words(Lang::ZhCn);
    let (who_en, of_en, count_en) = words(Lang::En);
    Err(Error::conflict(
        "changed_since_seen",
        format!(
            "没有发布：看过之后，{who_zh} 又改了 {count_zh} 个数字（{of_zh}）。请看过现在的数字，再发布。"
        ),
        format!(
            "Not published: {who_en} changed {count_en} numbers after they were looked at ({of_en}). Look at them as they are now, then publish."
        ),
    ))
}
