//! Whether everything that is decided of a target fits its total: nothing is handed in or frozen that does not add up.

use domain::assumption::Planning;
use domain::format::Lang;
use domain::line;
use store::Session;

use super::{ROOT, level_refused_at, with_rows};
use crate::plan::state::State;
use crate::{Error, Scope, assumption};

/// Refuses a target whose lines cannot be brought to its total, since all of them are locked, say, or whose levels are out of
/// order.
pub(crate) async fn refuse_misfits(
    session: &impl Session,
    scope: &Scope,
    planning: &Planning,
    state: &State,
) -> Result<(), Error> {
    let Some(set) = assumption::find(session, scope, planning).await? else {
        return Ok(());
    };
    let currency = &planning.currency;
    let whole = store::level::get(session, scope, set).await?;
    let rows = store::row_level::list(session, scope, state.version.id).await?;
    with_rows(whole, &rows)
        .levels(&state.grid)
        .map_err(|refusal| level_refused_at(state.grid.shape(), &refusal, currency))?;
    let total = state.grid.amount(ROOT, None);
    for (by, mut lines) in store::line::list(session, scope, set).await? {
        if let Err(fault) = line::fit(total, &mut lines) {
            let words = |lang: Lang| fault.words(lang, currency);
            return Err(Error::conflict(
                "lines_do_not_sum",
                format!(
                    "按{}拆分的各行与目标不等。{}",
                    by.word(Lang::ZhCn),
                    words(Lang::ZhCn)
                ),
                format!(
                    "The lines by {} do not sum to the target. {}",
                    by.word(Lang::En),
                    words(Lang::En)
                ),
            ));
        }
    }
    Ok(())
}
