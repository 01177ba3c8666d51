//! A change of staff as programs say it.

use domain::id::{MemberId, UnitId, VersionId};
use domain::staffing::{Asked, Carry, Change, LeaveKind, Rest, Source};
use operations::Error;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::api::factors::day;

/// A change of staff that is looked at.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::api) struct StaffChangeAsked {
    /// The first day it holds.
    #[schema(format = Date, example = "2027-03-01")]
    on: String,
    change: StaffChange,
}

/// A change of staff that is entered.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::api) struct StaffChangeMade {
    /// The first day it holds.
    #[schema(format = Date, example = "2027-03-01")]
    on: String,
    change: StaffChange,
    /// Why.
    #[schema(max_length = 1000)]
    reason: Option<String>,
    /// An id that the caller makes up: sent again under the same one, it is answered and not done twice.
    key: Option<Uuid>,
}

/// What happens, by its `kind`.
#[derive(Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
enum StaffChange {
    /// Somebody leaves; the day is the first they are gone.
    Leaver { member: Uuid, rest: WhoCarries },
    /// Somebody comes; the day is their first. `ramp`: they begin, and carry the more the longer they are there.
    Joiner {
        member: Uuid,
        unit: Uuid,
        source: TakenFrom,
        #[serde(default)]
        ramp: bool,
    },
    /// Somebody moves; the day is the first in the other unit.
    Transfer {
        member: Uuid,
        from: Uuid,
        to: Uuid,
        number: NumberOfMover,
    },
    /// A unit becomes part of another; the day is the first it is no more.
    Merger { from: Uuid, into: Uuid },
    /// Somebody is away; the day is the first of it, `until` the first day back. `why`: `annual`, `sick`, `parental` or `other`.
    Leave {
        member: Uuid,
        until: String,
        why: String,
        rest: WhoCarries,
    },
}

/// Who carries what somebody no longer does: `nobody` yet, the `colleagues` in proportion, or a `successor`.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
enum WhoCarries {
    Nobody,
    Colleagues,
    /// What a beginner (`ramp`) does not carry yet is nobody's.
    Successor {
        member: Uuid,
        #[serde(default)]
        ramp: bool,
    },
}

/// Where the number of somebody who comes is taken from.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum TakenFrom {
    Nothing,
    Nobody,
    Colleagues,
}

/// What happens with the number of somebody who moves: it `goes` with them, or stays with `colleagues` or `nobody`.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum NumberOfMover {
    Goes,
    Colleagues,
    Nobody,
}

impl StaffChangeAsked {
    /// The change of a version.
    pub(super) fn of(self, version: VersionId) -> Result<Asked, Error> {
        asked(version, &self.on, self.change)
    }
}

impl StaffChangeMade {
    /// The change of a version, why, and the key.
    pub(super) fn of(self, version: VersionId) -> Result<(Asked, Option<String>, Option<Uuid>), Error> {
        let asked = asked(version, &self.on, self.change)?;
        Ok((asked, self.reason, self.key))
    }
}

fn asked(version: VersionId, on: &str, change: StaffChange) -> Result<Asked, Error> {
    let on = day(on, "on")?;
    let change = match change {
        StaffChange::Leaver { member, rest } => Change::Leaver {
            member: MemberId(member),
            rest: rest.into(),
        },
        StaffChange::Joiner {
            member,
            unit,
            source,
            ramp,
        } => Change::Joiner {
            member: MemberId(member),
            unit: UnitId(unit),
            source: match source {
                TakenFrom::Nothing => Source::Nothing,
                TakenFrom::Nobody => Source::Nobody,
                TakenFrom::Colleagues => Source::Colleagues,
            },
            ramp,
        },
        StaffChange::Transfer {
            member,
            from,
            to,
            number,
        } => Change::Transfer {
            member: MemberId(member),
            from: UnitId(from),
            to: UnitId(to),
            number: match number {
                NumberOfMover::Goes => Carry::Goes,
                NumberOfMover::Colleagues => Carry::Colleagues,
                NumberOfMover::Nobody => Carry::Nobody,
            },
        },
        StaffChange::Merger { from, into } => Change::Merger {
            from: UnitId(from),
            into: UnitId(into),
        },
        StaffChange::Leave {
            member,
            until,
            why,
            rest,
        } => Change::Leave {
            member: MemberId(member),
            until: day(&until, "until")?,
            why: LeaveKind::parse(&why).ok_or_else(|| no_kind(&why))?,
            rest: rest.into(),
        },
    };
    Ok(Asked { version, on, change })
}

fn no_kind(name: &str) -> Error {
    let names = LeaveKind::ALL.map(LeaveKind::as_str);
    Error::invalid_field(
        "unknown_leave",
        "why",
        format!("没有假别“{name}”。可用：{}。", names.join("、")),
        format!("There is no leave \"{name}\"; there are {}.", names.join(", ")),
    )
}

impl From<WhoCarries> for Rest {
    fn from(rest: WhoCarries) -> Self {
        match rest {
            WhoCarries::Nobody => Self::Nobody,
            WhoCarries::Colleagues => Self::Colleagues,
            WhoCarries::Successor { member, ramp } => Self::Successor {
                member: MemberId(member),
                ramp,
            },
        }
    }
}
