//! The first steps: a one-time link, and the owner it makes.

use domain::access::Role;
use domain::event::Event;
use domain::id::{OrganizationId, UnitId, UserId};
use domain::money::Currency;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::organization::Organization;
use store::user::User;
use store::{StoreError, Writer};

use crate::people::new_unit;
use crate::sign_in::begin_session;
use crate::{Error, NewSession, Operations, Scope, clock, input, password, secret};

/// How long a set-up link works.
const LINK_MS: i64 = 24 * 3_600_000;

/// What the first owner says of themselves and the organization.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetUp {
    /// The organization's name.
    pub organization_name: String,
    /// The owner's name.
    pub owner_name: String,
    /// What the owner signs in with.
    pub email: String,
    /// The owner's password.
    pub password: String,
    /// ISO 4217 code.
    pub currency: String,
    /// Month the fiscal year starts in, 1 to 12.
    pub fiscal_start_month: u8,
    /// IANA name of the time zone.
    pub zone: String,
    /// `zh-CN` or `en`.
    pub language: String,
}

impl std::fmt::Debug for SetUp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SetUp")
            .field("organization_name", &self.organization_name)
            .finish_non_exhaustive()
    }
}

impl Operations {
    /// Whether there is an organization, the sample company among them.
    pub async fn has_organization(&self) -> Result<bool, Error> {
        Ok(store::organization::current(&self.database.reader())
            .await?
            .is_some())
    }

    /// Whether there is an owner besides the sample company's.
    pub async fn is_set_up(&self) -> Result<bool, Error> {
        let reader = self.database.reader();
        match store::organization::current(&reader).await? {
            None => Ok(false),
            Some(organization) => Ok(store::user::owners(&reader, organization.id)
                .await?
                .iter()
                .any(|owner| !owner.demo)),
        }
    }

    /// A new one-time secret for `/set-up`, good for a day; earlier ones end. `None` once there is an owner.
    pub async fn set_up_link(&self) -> Result<Option<String>, Error> {
        if self.is_set_up().await? {
            return Ok(None);
        }
        let link = secret::random()?;
        let writer = self.database.writer().await?;
        store::set_up_link::replace(&writer, &secret::hash(&link), clock::now_ms() + LINK_MS).await?;
        writer.commit().await?;
        Ok(Some(link))
    }

    /// Whether a set-up link still works.
    pub async fn is_set_up_link(&self, link: &str) -> Result<bool, Error> {
        let reader = self.database.reader();
        let good = store::set_up_link::is_good(&reader, &secret::hash(link), clock::now_ms()).await?;
        Ok(good && !self.is_set_up().await?)
    }

    /// Uses the link up, makes the organization and its owner, and signs the owner in. The sample company makes room for it.
    pub async fn set_up(&self, link: &str, set_up: SetUp) -> Result<NewSession, Error> {
        if !self.is_set_up_link(link).await? {
            return Err(link_is_used());
        }
        let organization = organization(&set_up)?;
        let owner = User {
            id: UserId(clock::new_id()),
            email: input::email(&set_up.email)?,
            name: input::name(&set_up.owner_name, "owner_name")?,
            role: Role::Owner,
            member: None,
            disabled_at_ms: None,
            language: None,
            demo: false,
            created_at_ms: clock::now_ms(),
        };
        password::check(&set_up.password, &owner.email)?;
        let hash = password::hash(set_up.password).await?;

        self.remove_demo().await?;
        let writer = self.database.writer().await?;
        store::set_up_link::take(&writer, &secret::hash(link), clock::now_ms())
            .await
            .map_err(|error| match error {
                StoreError::NotFound(_) => link_is_used(),
                other => other.into(),
            })?;
        let organization = settle(&writer, organization).await?;
        let scope = Scope::system(organization.id, "set-up");
        if store::user::owners(&writer, organization.id)
            .await?
            .iter()
            .any(|owner| !owner.demo)
        {
            return Err(link_is_used());
        }
        store::user::insert(&writer, &scope, &owner, Some(&hash)).await?;
        let detail = json!({"organization": organization.name, "owner": owner.email});
        let subject = format!("organization:{}", organization.id);
        store::audit::record(&writer, &scope, "organization.set_up", &subject, &detail).await?;
        store::outbox::append(&writer, &scope, &Event::PeopleChanged).await?;
        begin_session(writer, &organization, &owner, None).await
    }

    /// The program's own scope; makes an organization with common settings where there is none, for commands on an empty
    /// database.
    pub async fn ensure_organization(&self, purpose: &'static str) -> Result<Scope, Error> {
        if let Some(organization) = store::organization::current(&self.database.reader()).await? {
            return Ok(Scope::system(organization.id, purpose));
        }
        let organization = organization(&SetUp {
            organization_name: "我的组织".to_owned(),
            owner_name: String::new(),
            email: String::new(),
            password: String::new(),
            currency: "CNY".to_owned(),
            fiscal_start_month: 1,
            zone: "Asia/Shanghai".to_owned(),
            language: "zh-CN".to_owned(),
        })?;
        let writer = self.database.writer().await?;
        create(&writer, &organization).await?;
        writer.commit().await?;
        Ok(Scope::system(organization.id, purpose))
    }
}

/// Makes an organization with its root unit, there since the beginning.
pub(crate) async fn create(writer: &Writer, organization: &Organization) -> Result<UnitId, Error> {
    store::organization::create(writer, organization).await?;
    let root = new_unit(None, "company", &organization.name);
    let scope = Scope::system(organization.id, "set-up");
    let id = root.id;
    store::unit::insert(writer, &scope, &[root]).await?;
    Ok(id)
}

/// Makes the organization, or gives the one a command made its settings.
async fn settle(writer: &Writer, wanted: Organization) -> Result<Organization, Error> {
    let Some(existing) = store::organization::current(writer).await? else {
        create(writer, &wanted).await?;
        return Ok(wanted);
    };
    let organization = Organization {
        id: existing.id,
        created_at_ms: existing.created_at_ms,
        ..wanted
    };
    let scope = Scope::system(organization.id, "set-up");
    store::organization::update(writer, &scope, &organization).await?;
    crate::organization::rename_root(writer, &scope, &organization.name).await?;
    Ok(organization)
}

fn organization(set_up: &SetUp) -> Result<Organization, Error> {
    let field = |code: &str, field: &str, zh: &str, en: &str| Err(Error::invalid_field(code, field, zh, en));
    let Some(currency) = Currency::from_code(set_up.currency.trim()) else {
        return field(
            "bad_currency",
            "currency",
            "币种须为 ISO 4217 代码，如 CNY。",
            "A currency is an ISO 4217 code such as CNY.",
        );
    };
    if !(1..=12).contains(&set_up.fiscal_start_month) {
        return field(
            "bad_month",
            "fiscal_start_month",
            "财年起始月为 1 到 12。",
            "The fiscal year starts in a month from 1 to 12.",
        );
    }
    if TimeZone::get(&set_up.zone).is_err() {
        return field(
            "bad_zone",
            "zone",
            "时区须为 IANA 名称，如 Asia/Shanghai。",
            "A time zone is an IANA name such as Asia/Shanghai.",
        );
    }
    Ok(Organization {
        id: OrganizationId(clock::new_id()),
        name: input::name(&set_up.organization_name, "organization_name")?,
        working_calendar: if currency.code == "CNY" { "cn" } else { "weekdays" }.to_owned(),
        bookings: domain::metric::Bookings::default(),
        currency,
        zone: set_up.zone.clone(),
        fiscal_start_month: set_up.fiscal_start_month,
        language: input::language(&set_up.language)?,
        business_date: None,
        demo: false,
        created_at_ms: clock::now_ms(),
    })
}

fn link_is_used() -> Error {
    Error::invalid(
        "set_up_link_used",
        "设置链接无效、已过期或已用过。请重新启动服务，使用它打印的新链接。",
        "This set-up link is unknown, too old or used. Restart the server and take the new one it prints.",
    )
}
