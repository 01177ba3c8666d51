//! What a version is frozen with: nothing is handed in or published of which a line of a row cannot be met, and what the rows
//! sold until then is kept, so that the lines nobody set stay what they were whatever is imported later.

use std::sync::Arc;

use domain::assumption::Planning;
use domain::format::Lang;
use domain::id::{NodeId, VersionId};
use domain::line::profile::Profile;
use domain::line::rows::UnmetLine;
use domain::line::{self, LineBy};
use domain::target::Lines;
use store::{Session, Writer};

use super::change::changed_meanwhile;
use super::walk::Tables;
use super::{ROOT, unmet_line};
use crate::plan::state::{self, State};
use crate::{Error, Operations, Scope, assumption};

/// Lines that are named in a refusal.
const NAMED: usize = 3;

/// What the rows of a version brought of its lines, by dimension; read before anything is locked.
pub(crate) struct Profiles {
    /// The rows it was read for.
    nodes: Vec<NodeId>,
    of: Vec<(Lines, Option<Arc<Profile>>)>,
}

impl Operations {
    /// Reads what the rows of a version brought: for [`refuse_unmet`] and [`keep_profiles`].
    pub(crate) async fn row_profiles(&self, scope: &Scope, version: VersionId) -> Result<Profiles, Error> {
        let all = state::all(scope);
        let soil = self.row_soil(scope, version).await?;
        let mut of = Vec::with_capacity(soil.lines.len());
        for lines in &soil.lines {
            of.push((lines.clone(), self.soil_profile(&all, &soil, lines).await?));
        }
        Ok(Profiles {
            nodes: soil.state.nodes.iter().map(|node| node.id).collect(),
            of,
        })
    }
}

/// Refuses a version in which a line that was set for a row cannot be met: it says which row and line, and by how much.
pub(crate) async fn refuse_unmet(
    session: &impl Session,
    scope: &Scope,
    planning: &Planning,
    state: &State,
    profiles: &Profiles,
) -> Result<(), Error> {
    let nodes = state.nodes.iter().map(|node| node.id);
    if !nodes.eq(profiles.nodes.iter().copied()) {
        return Err(changed_meanwhile());
    }
    let all = state::all(scope);
    let decided = match assumption::find(session, scope, planning).await? {
        Some(set) => store::line::list(session, scope, set).await?,
        None => Vec::new(),
    };
    let total = state.grid.amount(ROOT, None);
    let mut faults: Vec<UnmetLine> = Vec::new();
    for (lines, profile) in &profiles.of {
        let set = store::row_line::list(session, &all, state.version.id, lines.by).await?;
        if set.is_empty() {
            continue;
        }
        let mut lines = lines.clone();
        if let Some((_, now)) = decided.iter().find(|(by, _)| *by == lines.by) {
            lines.lines.clone_from(now);
        }
        // Lines of the whole that do not fit its total are refused by themselves.
        if line::fit(total, &mut lines.lines).is_err() {
            continue;
        }
        let tables = Tables::new(state, &lines, &planning.currency, profile.as_deref());
        for misfit in tables.unmet(&set)? {
            faults.push(unmet_line(state, &lines, &set, &misfit));
        }
    }
    if faults.is_empty() {
        return Ok(());
    }
    let words = |lang: Lang| {
        let named = faults.iter().take(NAMED);
        let named: Vec<String> = named.map(|unmet| unmet.words(lang, &planning.currency)).collect();
        named.join(lang.pick("", " "))
    };
    let count = faults.len();
    Err(Error::conflict(
        "row_lines_unmet",
        format!(
            "有 {count} 处手工设定的产品、渠道等数与目标对不上，请先处理。{}",
            words(Lang::ZhCn)
        ),
        format!(
            "Lines set by hand that do not go with the numbers: {count}. Mend them first. {}",
            words(Lang::En)
        ),
    ))
}

/// Keeps what the rows brought with a version that is about to be on record. A dimension there was no data of is kept as such:
/// it is not proposed later either.
pub(crate) async fn keep_profiles(
    writer: &Writer,
    scope: &Scope,
    version: VersionId,
    profiles: &Profiles,
) -> Result<(), Error> {
    for by in LineBy::ALL {
        let known = profiles.of.iter().find(|(lines, _)| lines.by == by);
        let bytes = match known.and_then(|(_, profile)| profile.as_deref()) {
            Some(profile) => profile.pack(),
            None => Profile::default().pack(),
        };
        store::row_line::keep_profile(writer, scope, version, by, &bytes).await?;
    }
    Ok(())
}
