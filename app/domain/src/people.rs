//! What the browser is told of people, units, users and the organization, and what it sends to change them.

use serde::{Deserialize, Serialize};

use crate::access::{Permission, Role};
use crate::calendar::{Clocks, Day};
use crate::format::Lang;
use crate::id::{AssignmentId, MemberId, TokenId, UnitId, UserId};
use crate::money::Currency;

/// Who is asking, as the organization knows them today.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Me {
    /// Their name, or the token's.
    pub name: String,
    /// What they sign in with; `None` for programs.
    pub email: Option<String>,
    /// What they are.
    pub role: Role,
    /// What they may do; an API token may do less than its role.
    pub permissions: Vec<Permission>,
    /// The member they are.
    pub member: Option<MemberId>,
    /// The units they lead or belong to today.
    pub units: Vec<Named<UnitId>>,
    /// Their language: `zh-CN` or `en`.
    pub language: String,
    /// The organization's settings.
    pub organization: Settings,
    /// Today, as the organization counts.
    pub business_date: BusinessDate,
    /// What the organization's clocks show, since it exists.
    pub clocks: Clocks,
    /// How many notices they have not read.
    pub unread: u32,
    /// Whether a questionnaire waits for them, or was answered by them.
    pub is_asked: bool,
}

/// An id with its name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Named<Id> {
    /// The id.
    pub id: Id,
    /// The name.
    pub name: String,
}

/// The organization's settings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    /// What it calls itself.
    pub name: String,
    /// The currency every amount is in.
    pub currency: Currency,
    /// IANA name of its time zone.
    pub zone: String,
    /// Month the fiscal year starts in, 1 to 12.
    pub fiscal_start_month: u8,
    /// Its language: `zh-CN` or `en`.
    pub language: String,
    /// Which days are worked: `cn` or `weekdays`.
    pub working_calendar: String,
    /// Whether it is the sample company.
    pub demo: bool,
}

/// Today, and why it is that day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BusinessDate {
    /// The day.
    pub day: Day,
    /// Who says so.
    pub source: BusinessDateSource,
}

/// Who says which day today is; the first that does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BusinessDateSource {
    /// The command line; nobody can change it while the server runs.
    CommandLine,
    /// A planner chose it.
    Chosen,
    /// The clock, in the organization's time zone.
    Clock,
}

/// Units and members within the asker's reach; users where the asker may change them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct People {
    /// Units by pinyin, those that ended among them.
    pub units: Vec<UnitRow>,
    /// Members by pinyin, those who left among them.
    pub members: Vec<MemberRow>,
    /// Users by e-mail.
    pub users: Vec<UserRow>,
}

/// A unit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnitRow {
    /// Its id.
    pub id: UnitId,
    /// The unit above.
    pub parent: Option<UnitId>,
    /// `company`, `region`, `branch`, `team`, or the organization's own word.
    pub level: String,
    /// Its name.
    pub name: String,
    /// Its code elsewhere.
    pub code: Option<String>,
    /// For order and search.
    pub pinyin: String,
    /// Who leads it.
    pub manager: Option<MemberId>,
    /// First day.
    pub starts_on: Day,
    /// First day it is no more.
    pub ends_on: Option<Day>,
}

/// A member.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberRow {
    /// Their id.
    pub id: MemberId,
    /// Their id elsewhere.
    pub external_id: Option<String>,
    /// Their name.
    pub name: String,
    /// For order and search.
    pub pinyin: String,
    /// Where mails go.
    pub email: Option<String>,
    /// First day.
    pub hired_on: Option<Day>,
    /// First day they were gone.
    pub left_on: Option<Day>,
    /// Where they belonged and belong, by first day; within reach only.
    pub assignments: Vec<AssignmentRow>,
}

/// A dated membership.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AssignmentRow {
    /// Its id.
    pub id: AssignmentId,
    /// Where.
    pub unit: UnitId,
    /// Part of the member, parts per million.
    pub share_ppm: u32,
    /// First day.
    pub starts_on: Day,
    /// First day it no longer holds.
    pub ends_on: Option<Day>,
}

/// A user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserRow {
    /// Their id.
    pub id: UserId,
    /// What they sign in with.
    pub email: String,
    /// Their name.
    pub name: String,
    /// What they are.
    pub role: Role,
    /// The member they are.
    pub member: Option<MemberId>,
    /// Whether they may sign in.
    pub access: Access,
    /// Whether they belong to the sample company.
    pub demo: bool,
}

/// Whether a user may sign in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Access {
    /// They may.
    Enabled,
    /// They may not, and their sessions have ended.
    Disabled,
}

/// An API token without its secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenRow {
    /// Its id.
    pub id: TokenId,
    /// For whom it acts.
    pub user: UserId,
    /// What it is for.
    pub name: String,
    /// What it may do, words joined by spaces.
    pub scopes: String,
    /// When it was made, milliseconds since the epoch.
    pub created_at_ms: i64,
    /// Since when it no longer works.
    pub revoked_at_ms: Option<i64>,
}

/// A line of the audit log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditLine {
    /// Counts from 1.
    pub seq: i64,
    /// When, milliseconds since the epoch.
    pub at_ms: i64,
    /// `system`, `user` or `token`.
    pub actor_kind: String,
    /// Who, by the name of that time.
    pub actor_name: String,
    /// `noun.verb`.
    pub verb: String,
    /// `noun:id`.
    pub subject: String,
    /// What changed, as JSON text.
    pub detail: String,
}

/// A unit to be made, or what one is to become.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnitInput {
    /// The unit above; ignored for the company itself.
    pub parent: UnitId,
    /// `region`, `branch`, `team`, or the organization's own word.
    pub level: String,
    /// Its name.
    pub name: String,
    /// Its code elsewhere.
    pub code: Option<String>,
    /// Who leads it.
    pub manager: Option<MemberId>,
}

/// A member to be made, or what one is to become.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberInput {
    /// Their name.
    pub name: String,
    /// Their id elsewhere.
    pub external_id: Option<String>,
    /// Where mails go.
    pub email: Option<String>,
    /// First day.
    pub hired_on: Option<Day>,
    /// First day they are gone; their assignments end with it.
    pub left_on: Option<Day>,
}

/// Where a member belongs from a day on; the shares of all of them total 1,000,000.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Share {
    /// Where.
    pub unit: UnitId,
    /// Part of the member, parts per million.
    pub share_ppm: u32,
}

/// What a user is to become.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserInput {
    /// Their name.
    pub name: String,
    /// What they are.
    pub role: Role,
    /// The member they are.
    pub member: Option<MemberId>,
    /// Their language where it is not the organization's.
    pub language: Option<String>,
}

/// Who acts where the command line does, as it is stored; people read [`actor`].
pub const COMMAND_LINE: &str = "command line";
/// Who acts where the sample company is made, as it is stored; people read [`actor`].
pub const SAMPLE_COMPANY: &str = "sample company";

/// Who acts where a negotiation goes further up because its deadline passed, as it is stored; that is said in words of its own.
pub const DEADLINE: &str = "deadline";

/// The name of whoever did something: that of a person or token as it is, that of the program's own hands in the reader's
/// language.
pub fn actor(name: &str, lang: Lang) -> &str {
    match name {
        COMMAND_LINE => lang.pick("命令行", "command line"),
        SAMPLE_COMPANY => lang.pick("样例公司", "sample company"),
        person => person,
    }
}

/// Whether a typed text finds a name: it is part of it, begins its pinyin (with or without spaces), or is the first
/// letters of its words.
pub fn finds(query: &str, name: &str, pinyin: &str) -> bool {
    let query = query.trim().to_lowercase();
    if query.is_empty() || name.to_lowercase().contains(&query) || pinyin.starts_with(&query) {
        return true;
    }
    let joined: String = pinyin.split(' ').collect();
    let initials: String = pinyin.split(' ').filter_map(|word| word.chars().next()).collect();
    let query: String = query.split_whitespace().collect();
    joined.starts_with(&query) || initials.starts_with(&query)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_program_s_own_hands_have_names_in_both_languages() {
        assert_eq!(actor(COMMAND_LINE, Lang::ZhCn), "命令行");
        assert_eq!(actor(SAMPLE_COMPANY, Lang::En), "sample company");
        assert_eq!(actor("王琳", Lang::En), "王琳");
    }

    #[test]
    fn names_are_found_by_characters_and_sounds() {
        for query in ["", "琳", "wang", "wanglin", "wang l", "WL", "w"] {
            assert!(finds(query, "王琳", "wang lin"), "{query}");
        }
        for query in ["lin", "wl2", "李"] {
            assert!(!finds(query, "王琳", "wang lin"), "{query}");
        }
    }
}
