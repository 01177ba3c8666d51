//! A step back or forth as a program asks for it: done, asked about with what others changed, or an error in words.

use domain::access::Permission;
use domain::format::Lang;
use domain::id::{CommandId, UserId, VersionId};
use domain::plan::{Difference, Intent, PlanCommand, RowSince, rows_since};
use domain::split::{Applied, Back, Stacks};

use super::changed;
use crate::plan::state::{self, State};
use crate::scope::require;
use crate::split::{me, people};
use crate::{Error, Operations, Scope, Words};

/// What became of a step back or forth.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stepped {
    /// It is done, or was done before under the same key.
    Done {
        /// The number of the last command.
        head: u64,
        /// How far one can go back and forth now.
        undoable: Stacks,
    },
    /// Others changed the same amounts since; nothing was done.
    Asked(ChangedSince),
}

/// What others changed of the amounts that a step would put back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangedSince {
    /// The number of the last command: whoever insists names it.
    pub head: u64,
    /// The rows that were changed most, the largest change first, with their names and who changed them last.
    pub rows: Vec<ChangedRow>,
    /// How many more there are.
    pub more_rows: u64,
    /// The same in words, with what can be done.
    pub words: Words,
}

/// A row that others changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangedRow {
    /// The row, what was changed of it, and what would become of it.
    pub row: RowSince,
    /// What it is called.
    pub name: String,
    /// Who changed it last, by name; empty where nobody knows.
    pub by: String,
}

impl Operations {
    /// As [`Self::step_back`], for a sender who is told no more than what it came to. What is refused is an error here, and so is a
    /// step where there is none to take.
    pub async fn decide_back(
        &self,
        scope: &Scope,
        version: VersionId,
        key: Option<CommandId>,
        wanted: Back,
    ) -> Result<Stepped, Error> {
        require(scope, Permission::EditPlan)?;
        let reader = self.database.reader();
        // Nothing is told of what others did, so that it does not matter since when.
        let base = store::version::get(&reader, scope, version).await?.head;
        let intent = wanted.intent;
        let applied = self.step_back(scope, version, base, key, wanted).await?;
        if let Some(refused) = &applied.refused {
            return Err(self.refusal_of(scope, version, refused).await?);
        }
        if !applied.differences.is_empty() {
            return Ok(Stepped::Asked(
                self.asked(scope, version, intent, &applied).await?,
            ));
        }
        let is_step = |command: &PlanCommand| matches!(command, PlanCommand::Restore { intent: made, .. } if *made == intent);
        let is_made = applied
            .entries
            .iter()
            .any(|entry| entry.author == me(scope) && is_step(&entry.command));
        let was_done = match key {
            Some(key) if !is_made => {
                store::version::is_done(&reader, &state::all(scope), version, key).await?
            }
            _ => is_made,
        };
        if !was_done {
            return Err(nothing(intent));
        }
        Ok(Stepped::Done {
            head: applied.head,
            undoable: applied.undoable,
        })
    }

    /// What is asked, with the names of rows and people.
    async fn asked(
        &self,
        scope: &Scope,
        version: VersionId,
        intent: Intent,
        applied: &Applied,
    ) -> Result<ChangedSince, Error> {
        let reader = self.database.reader();
        let all = state::all(scope);
        let row = store::version::get(&reader, scope, version).await?;
        let state = State::load(&reader, &all, row).await?;
        let currency = store::organization::get(&reader, scope).await?.currency;
        let shape = state.grid.shape();
        let place = |difference: &Difference| shape.place(difference.cell);
        let (rows, more) = rows_since(&applied.differences, place);
        let asked: Vec<UserId> = rows.iter().map(|row| row.by).collect();
        let names = people(&reader, &all, asked).await?;
        let words = |lang: Lang| {
            changed::question((&state, &names, &currency), intent, (rows.as_slice(), more), lang)
        };
        let words = Words::new(words(Lang::ZhCn), words(Lang::En));
        let rows = rows.into_iter().map(|row| ChangedRow {
            name: shape.name(row.node).to_owned(),
            by: names.get(&row.by).cloned().unwrap_or_default(),
            row,
        });
        Ok(ChangedSince {
            head: applied.head,
            rows: rows.collect(),
            more_rows: more as u64,
            words,
        })
    }
}

fn nothing(intent: Intent) -> Error {
    match intent {
        Intent::Undo => Error::conflict(
            "nothing_to_undo",
            "你在这个版本里没有可以撤销的改动。",
            "There is no change of yours to take back in this version.",
        ),
        Intent::Redo => Error::conflict(
            "nothing_to_redo",
            "没有可以重做的改动：撤销之后没有做过别的，才能重做。",
            "There is nothing to do again: only what was taken back, with nothing done since, can be.",
        ),
    }
}
