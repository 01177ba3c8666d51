//! `/api/v1/versions/{version}/commands`: what was done in a version since one looked, by whom and when.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use domain::format::Lang;
use domain::id::VersionId;
use domain::plan::{NodeIndex, PeriodIndex};
use domain::reason::{self, OwnReason};
use operations::{CommandPage, Error, MOST_COMMANDS, MadeCommand};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::{ApiError, Caller, ErrorBody};
use crate::state::AppState;

/// Since when, and how many.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Since {
    /// The number of the last command one has seen; left out, 0: from the beginning.
    #[serde(default)]
    since: u64,
    /// How many commands, at most 100; left out, as many.
    #[param(minimum = 1, maximum = 100)]
    most: Option<u32>,
}

/// Commands of a version, the oldest first. Amounts are in minor units.
#[derive(Serialize, ToSchema)]
pub(super) struct CommandsDone {
    /// The number of the last command there is.
    head: u64,
    /// The number to ask since for those that follow; null where there are none.
    next: Option<u64>,
    /// ISO 4217 code.
    #[schema(example = "CNY")]
    currency: String,
    commands: Vec<CommandDone>,
}

/// A command as it was done.
#[derive(Serialize, ToSchema)]
struct CommandDone {
    /// Its number; counts from 1 within the version.
    command: u64,
    /// When, milliseconds since 1970-01-01 UTC.
    at_ms: i64,
    /// Who; null where the program did.
    by: Option<String>,
    /// Whether it was the caller.
    own: bool,
    /// `set`, `set_span`, `split`, `set_total`, `lock`, `unlock`, `floor`, `cap`, `even_out`, `move`, `send_share`, `enter`, `staff`,
    /// `over_assign`, `steps`, `undo` or `redo`; others may come.
    what: &'static str,
    /// The command that was taken back or done again.
    of: Option<u64>,
    /// Why, in Chinese where the program itself gave the reason; what somebody wrote stands as they wrote it.
    reason_zh: Option<String>,
    /// The same in English.
    reason_en: Option<String>,
    /// `agreed`, `made_up` or `pasted`, where the program itself gave the reason.
    reason_code: Option<&'static str>,
    /// The places that it names, at most 50.
    places: Vec<CommandPlace>,
    /// How many more it names.
    more_places: u64,
    /// The amounts it changed, at most 50: those of the rows it names before those that gave way.
    amounts: Vec<CommandAmount>,
    /// How many more it changed.
    more_amounts: u64,
    /// The places that it locked, bounded or released, and how they are held since, at most 50.
    holds: Vec<CommandHold>,
    /// How many more.
    more_holds: u64,
}

/// A row's amount of a period, or its total.
#[derive(Serialize, ToSchema)]
struct CommandPlace {
    row: u32,
    name: String,
    /// Null: the total.
    period: Option<String>,
}

/// An amount that was changed.
#[derive(Serialize, ToSchema)]
struct CommandAmount {
    row: u32,
    name: String,
    period: String,
    before: i64,
    after: i64,
}

/// How a place is held since a command.
#[derive(Serialize, ToSchema)]
struct CommandHold {
    row: u32,
    name: String,
    /// Null: the total.
    period: Option<String>,
    /// Who signed the lock; null where there is none.
    locked_by: Option<String>,
    floor: Option<i64>,
    cap: Option<i64>,
}

/// What was done in a version
///
/// Every command after one that was seen, by everybody, the caller's own marked as such. For who plans the whole version.
#[utoipa::path(
    get,
    path = "/versions/{version}/commands",
    tag = "versions",
    params(("version" = Uuid, Path, description = "The version."), Since),
    responses(
        (status = 200, description = "The commands, and where to go on.", body = CommandsDone),
        (status = 400, description = "A parameter is not understood, or the version has no such command yet.", body = ErrorBody),
        (status = 401, description = "No valid token and no session.", body = ErrorBody),
        (status = 404, description = "There is no such version, or it is not for this caller.", body = ErrorBody),
    )
)]
pub(super) async fn since(
    State(state): State<AppState>,
    Caller(scope): Caller,
    Path(version): Path<Uuid>,
    asked: Result<Query<Since>, QueryRejection>,
) -> Result<Json<CommandsDone>, ApiError> {
    state.operations.may_plan(&scope)?;
    let Query(Since { since, most }) = asked.map_err(|_| not_understood("since"))?;
    let most = most.unwrap_or(MOST_COMMANDS);
    if !(1..=MOST_COMMANDS).contains(&most) {
        return Err(not_understood("most").into());
    }
    let page = state
        .operations
        .commands_since(&scope, VersionId(version), since, most)
        .await?;
    Ok(Json(page.into()))
}

fn not_understood(field: &str) -> Error {
    Error::invalid_field(
        "bad_page",
        field,
        format!("since 是看到过的最后一条改动的号，most 是 1 到 {MOST_COMMANDS}，都是整数。"),
        format!(
            "since is the number of the last command seen, most is 1 to {MOST_COMMANDS}; both are whole numbers."
        ),
    )
}

impl From<CommandPage> for CommandsDone {
    fn from(page: CommandPage) -> Self {
        let CommandPage {
            head,
            commands,
            next,
            currency,
            names,
            periods,
        } = page;
        let known = Known {
            names: &names,
            periods: &periods,
        };
        let told = |made: MadeCommand| {
            let words = |lang: Lang| {
                let stored = made.reason.as_deref();
                stored.map(|stored| reason::words(stored, lang, &currency))
            };
            let own = made.reason.as_deref().and_then(OwnReason::read);
            let (reason_zh, reason_en) = (words(Lang::ZhCn), words(Lang::En));
            CommandDone {
                command: made.seq,
                at_ms: made.at_ms,
                by: Some(made.by).filter(|by| !by.is_empty()),
                own: made.own,
                what: made.what,
                of: made.of,
                reason_zh,
                reason_en,
                reason_code: own.map(OwnReason::code),
                more_places: made.places.more,
                more_amounts: made.amounts.more,
                more_holds: made.holds.more,
                places: made
                    .places
                    .list
                    .into_iter()
                    .map(|(node, period)| CommandPlace {
                        row: node.0,
                        name: known.name(node),
                        period: known.period(period),
                    })
                    .collect(),
                amounts: made
                    .amounts
                    .list
                    .into_iter()
                    .map(|amount| CommandAmount {
                        row: amount.node.0,
                        name: known.name(amount.node),
                        period: known.period(Some(amount.period)).unwrap_or_default(),
                        before: amount.before.0,
                        after: amount.after.0,
                    })
                    .collect(),
                holds: made
                    .holds
                    .list
                    .into_iter()
                    .map(|hold| CommandHold {
                        row: hold.node.0,
                        name: known.name(hold.node),
                        period: known.period(hold.period),
                        locked_by: hold.locked_by,
                        floor: hold.floor.map(|floor| floor.0),
                        cap: hold.cap.map(|cap| cap.0),
                    })
                    .collect(),
            }
        };
        let commands = commands.into_iter().map(told).collect();
        Self {
            head,
            next,
            commands,
            currency: currency.code.clone(),
        }
    }
}

/// What rows and periods are called.
struct Known<'a> {
    names: &'a BTreeMap<NodeIndex, String>,
    periods: &'a [String],
}

impl Known<'_> {
    fn name(&self, node: NodeIndex) -> String {
        self.names.get(&node).cloned().unwrap_or_default()
    }

    fn period(&self, period: Option<PeriodIndex>) -> Option<String> {
        self.periods.get(usize::from(period?.0)).cloned()
    }
}
