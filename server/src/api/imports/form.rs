//! The multipart form of an upload as the description shows it; it is read part by part, so nothing is made of these.

use std::collections::BTreeMap;

use utoipa::ToSchema;

/// Files with what is to be made of them. Related files order themselves.
#[derive(ToSchema)]
#[expect(dead_code, reason = "only described")]
pub(super) struct Upload {
    /// CSV or XLSX; once or several times.
    #[schema(min_items = 1)]
    file: Vec<File>,
    /// What the files hold; recognised by the columns when absent.
    kind: Option<Kind>,
    /// Field → header, as JSON; columns map themselves when absent.
    mapping: Option<BTreeMap<String, String>>,
    /// How the files are read, as JSON.
    options: Option<Options>,
}

/// A file.
#[derive(ToSchema)]
#[schema(value_type = String, format = Binary)]
#[expect(dead_code, reason = "only described")]
pub(super) struct File(Vec<u8>);

/// What a file holds.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
#[expect(dead_code, reason = "only described")]
pub(super) enum Kind {
    Units,
    Members,
    Products,
    Accounts,
    Opportunities,
    Orders,
    Potential,
    Capability,
    Leave,
    Targets,
}

/// How files are read; what is not given has its default, and an unknown name is refused.
#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "only described")]
pub(super) struct Options {
    /// Check only, write nothing.
    dry_run: Option<bool>,
    /// Unknown references; `reject` when absent.
    on_missing: Option<OnMissing>,
    /// What an empty cell does to what is stored; `keep` when absent.
    blank: Option<Blank>,
    /// Field → text in the file → text meant. For the fields whose cells name something: `member`, `manager`, `unit`, `product`,
    /// `category`, `account`, `channel`, `stage`, `order_status`.
    #[schema(example = json!({"product": {"GTXPro": "GTX Pro"}}))]
    aliases: Option<BTreeMap<String, BTreeMap<String, String>>>,
    /// Recognised when absent.
    encoding: Option<Encoding>,
    /// `ymd`, `dmy`, `mdy`, `auto`, or a pattern such as `DD/MM/YYYY`.
    #[schema(example = "DD/MM/YYYY")]
    date_format: Option<String>,
    /// ISO 4217 code of the currency the amounts are in. It must be the organization's: nothing is converted, and amounts in
    /// another are refused.
    #[schema(example = "CNY")]
    currency: Option<String>,
    /// The sheet of a workbook; the first when absent. An import without any workbook fails with it.
    sheet: Option<String>,
    /// Targets: recognised by the headers when absent.
    layout: Option<Layout>,
    /// Amounts are written in so many currency units.
    #[schema(example = 1000)]
    unit: Option<u32>,
    /// Targets: `true` makes them the plan of record at once, `false` a draft. When absent they go on record, unless that
    /// replaced a plan that people published (and at the page they become a draft).
    publish: Option<bool>,
}

#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
#[expect(dead_code, reason = "only described")]
enum OnMissing {
    Create,
    Reject,
}

#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
#[expect(dead_code, reason = "only described")]
enum Blank {
    Keep,
    Clear,
}

#[derive(ToSchema)]
#[schema(rename_all = "lowercase")]
#[expect(dead_code, reason = "only described")]
enum Encoding {
    Utf8,
    Utf16,
    Gbk,
}

#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
#[expect(dead_code, reason = "only described")]
enum Layout {
    Long,
    Wide,
}
