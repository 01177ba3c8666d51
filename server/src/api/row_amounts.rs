//! `/api/v1/versions/{version}/rows/{row}/…`: the amounts of a draft as its grid changes them: one is set, a part is sent to
//! another row, a row is split by weights, and an amount is held. Each is a command of the version's log as any other.

mod body;

use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::{Path, State};
use domain::id::{CommandId, UserId, VersionId};
use domain::money::Minor;
use domain::plan::{Keep, NodeIndex, PlanCommand, Spread};
use operations::Scope;
use uuid::Uuid;

use super::targets::{Head, read};
use super::why::place;
use super::{ApiError, Caller, ErrorBody};
use crate::state::AppState;
use body::{HoldKind, NewAmount, NewHold, SentAmount, SplitBy, share_of};
pub(super) use body::{WhatStays, WhoGives};

/// Set an amount of a row
///
/// The others give way in proportion, within locks and bounds, as `keep` and `give` say.
#[utoipa::path(
    put,
    path = "/versions/{version}/rows/{row}/amount",
    tag = "versions",
    params(
        ("version" = Uuid, Path, description = "The version."),
        ("row" = u32, Path, description = "The row, as the rows of the version name it."),
    ),
    request_body = NewAmount,
    responses(
        (status = 200, description = "It is set.", body = Head),
        (status = 400, description = "The body is not understood, or a period the plan does not have.", body = ErrorBody),
        (status = 401, description = "No valid token and no session.", body = ErrorBody),
        (status = 404, description = "There is no such version or row, or it is not for this caller.", body = ErrorBody),
        (status = 409, description = "The version is no draft, the amount cannot be had: it says what is in the way, it is the caller's own, or somebody changed it since `head`.", body = ErrorBody),
    )
)]
pub(super) async fn set(
    State(state): State<AppState>,
    Caller(scope): Caller,
    Path((version, row)): Path<(Uuid, u32)>,
    wanted: Result<Json<NewAmount>, JsonRejection>,
) -> Result<Json<Head>, ApiError> {
    state.operations.may_plan(&scope)?;
    let wanted = read(wanted)?;
    let version = VersionId(version);
    let period = place(&state, &scope, version, wanted.period.as_deref()).await?;
    let command = PlanCommand::Set {
        node: NodeIndex(row),
        period,
        amount: Minor(wanted.amount),
        keep: wanted.keep.map_or_else(|| Keep::default_for(period), Keep::from),
        give: wanted.give.into(),
        reason: wanted.reason,
    };
    decide(&state, &scope, version, (wanted.head, wanted.key), command).await
}

/// Send a part of a row's amount to another row
///
/// What is above both follows up to where they meet; nobody else changes.
#[utoipa::path(
    post,
    path = "/versions/{version}/rows/{row}/send",
    tag = "versions",
    params(
        ("version" = Uuid, Path, description = "The version."),
        ("row" = u32, Path, description = "The row that gives, as the rows of the version name it."),
    ),
    request_body = SentAmount,
    responses(
        (status = 200, description = "It is sent.", body = Head),
        (status = 400, description = "The body is not understood, not one of an amount and a share above 0, or a period the plan does not have.", body = ErrorBody),
        (status = 401, description = "No valid token and no session.", body = ErrorBody),
        (status = 404, description = "There is no such version or row, or it is not for this caller.", body = ErrorBody),
        (status = 409, description = "The version is no draft, one row is above the other, locks or bounds are in the way, or one is the caller's own.", body = ErrorBody),
    )
)]
pub(super) async fn send(
    State(state): State<AppState>,
    Caller(scope): Caller,
    Path((version, row)): Path<(Uuid, u32)>,
    wanted: Result<Json<SentAmount>, JsonRejection>,
) -> Result<Json<Head>, ApiError> {
    state.operations.may_plan(&scope)?;
    let wanted = read(wanted)?;
    let part = wanted.part()?;
    let version = VersionId(version);
    let period = place(&state, &scope, version, wanted.period.as_deref()).await?;
    let (from, to, reason) = (NodeIndex(row), NodeIndex(wanted.to), wanted.reason);
    let command = match part {
        body::Part::Amount(amount) => PlanCommand::Move {
            from,
            to,
            period,
            amount,
            reason,
        },
        body::Part::Share(share_ppm) => PlanCommand::SendShare {
            from,
            to,
            period,
            share_ppm,
            reason,
        },
    };
    decide(&state, &scope, version, (wanted.head, wanted.key), command).await
}

/// Split what a row has by weights
///
/// Over everybody below, or over the rows directly below; the row keeps its amount, and locks and bounds hold. Weights are those
/// known of the version; ways of splitting with their shares are at `…/models`.
#[utoipa::path(
    post,
    path = "/versions/{version}/rows/{row}/split",
    tag = "versions",
    params(
        ("version" = Uuid, Path, description = "The version."),
        ("row" = u32, Path, description = "The row, as the rows of the version name it; 0 is the whole."),
    ),
    request_body = SplitBy,
    responses(
        (status = 200, description = "It is split.", body = Head),
        (status = 400, description = "The body is not understood, no such basis, one that is not known of the version, or shares that make no whole.", body = ErrorBody),
        (status = 401, description = "No valid token and no session.", body = ErrorBody),
        (status = 404, description = "There is no such version or row, or it is not for this caller.", body = ErrorBody),
        (status = 409, description = "The version is no draft, there is nobody below, or locks and bounds are in the way: it says which.", body = ErrorBody),
    )
)]
pub(super) async fn split(
    State(state): State<AppState>,
    Caller(scope): Caller,
    Path((version, row)): Path<(Uuid, u32)>,
    wanted: Result<Json<SplitBy>, JsonRejection>,
) -> Result<Json<Head>, ApiError> {
    state.operations.may_plan(&scope)?;
    let wanted = read(wanted)?;
    let command = PlanCommand::Split {
        node: NodeIndex(row),
        spread: if wanted.children_only {
            Spread::Children
        } else {
            Spread::Subtree
        },
        bases: share_of(&wanted.bases)?,
        factors: wanted.factors(),
        own: Vec::new(),
        proposals: Vec::new(),
        uplift_ppm: Vec::new(),
        step: Minor(1),
        reason: wanted.reason,
    };
    decide(
        &state,
        &scope,
        VersionId(version),
        (wanted.head, wanted.key),
        command,
    )
    .await
}

/// Hold an amount of a row, or release it
///
/// A lock holds it where it is; a floor and a cap are the least and the most it may become.
#[utoipa::path(
    put,
    path = "/versions/{version}/rows/{row}/hold",
    tag = "versions",
    params(
        ("version" = Uuid, Path, description = "The version."),
        ("row" = u32, Path, description = "The row, as the rows of the version name it."),
    ),
    request_body = NewHold,
    responses(
        (status = 200, description = "It is held, or released.", body = Head),
        (status = 400, description = "The body is not understood, or a period the plan does not have.", body = ErrorBody),
        (status = 401, description = "No valid token and no session.", body = ErrorBody),
        (status = 404, description = "There is no such version or row, or it is not for this caller.", body = ErrorBody),
        (status = 409, description = "The version is no draft, the amount is outside of the bound now, or it is the caller's own.", body = ErrorBody),
    )
)]
pub(super) async fn hold(
    State(state): State<AppState>,
    Caller(scope): Caller,
    Path((version, row)): Path<(Uuid, u32)>,
    wanted: Result<Json<NewHold>, JsonRejection>,
) -> Result<Json<Head>, ApiError> {
    state.operations.may_plan(&scope)?;
    let NewHold {
        kind,
        period,
        amount,
        head,
        key,
    } = read(wanted)?;
    let version = VersionId(version);
    let period = place(&state, &scope, version, period.as_deref()).await?;
    let (node, amount) = (NodeIndex(row), amount.map(Minor));
    let command = match kind {
        // Who signs is put in where it is done.
        HoldKind::Lock => PlanCommand::Lock {
            node,
            period,
            by: UserId::default(),
        },
        HoldKind::Unlock => PlanCommand::Unlock { node, period },
        HoldKind::Floor => PlanCommand::Floor { node, period, amount },
        HoldKind::Cap => PlanCommand::Cap { node, period, amount },
    };
    decide(&state, &scope, version, (head, key), command).await
}

/// Does a command in a draft; under the same key once.
pub(super) async fn decide(
    state: &AppState,
    scope: &Scope,
    version: VersionId,
    (head, key): (u64, Option<Uuid>),
    command: PlanCommand,
) -> Result<Json<Head>, ApiError> {
    let key = key.map(CommandId);
    let head = state
        .operations
        .decide_once(scope, version, head, key, command)
        .await?;
    Ok(Json(Head { head }))
}
