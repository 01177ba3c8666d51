//! What other systems call our fields: Maven's sample, Salesforce, 纷享销客, 销售易, 简道云, plain spreadsheets.

mod facts;
mod leave;

use crate::import::{Field, FieldSpec, Kind, Need};

/// The fields of a kind.
pub fn fields(kind: Kind) -> &'static [FieldSpec] {
    match kind {
        Kind::Units => UNITS,
        Kind::Members => MEMBERS,
        Kind::Products => PRODUCTS,
        Kind::Accounts => ACCOUNTS,
        Kind::Opportunities => OPPORTUNITIES,
        Kind::Orders => facts::ORDERS,
        Kind::Potential => facts::POTENTIAL,
        Kind::Capability => facts::CAPABILITY,
        Kind::Leave => leave::LEAVE,
        Kind::Targets => TARGETS,
    }
}

/// One field of a kind, where the kind has it.
pub fn spec(kind: Kind, field: Field) -> Option<&'static FieldSpec> {
    fields(kind).iter().find(|spec| spec.field == field)
}

const fn required(field: Field, synonyms: &'static str) -> FieldSpec {
    FieldSpec {
        field,
        need: Need::Required,
        synonyms,
    }
}

const fn optional(field: Field, synonyms: &'static str) -> FieldSpec {
    FieldSpec {
        field,
        need: Need::Optional,
        synonyms,
    }
}

const UNITS: &[FieldSpec] = &[
    required(
        Field::Name,
        "unit|unit name|department|department name|team|team name|territory|territory name|部门| \
         部门名称|组织|组织名称|团队|团队名称|区域|区域名称|机构名称",
    ),
    optional(
        Field::ExternalId,
        "code|unit code|unit id|department id|department code|territory id|部门编号|部门编码|编码| \
         组织编码|机构编码",
    ),
    optional(
        Field::Parent,
        "parent unit|parent department|parent name|parent id|reports to|上级部门|上级组织|父部门| \
         所属部门|上级机构",
    ),
    optional(
        Field::Level,
        "type|unit type|unit level|组织层级|部门层级|类型|级别|部门类型",
    ),
    optional(
        Field::Manager,
        "leader|head|lead|owner|unit manager|负责人|部门负责人|主管|经理|团队负责人",
    ),
    optional(Field::StartsOn, "start date|valid from|from|生效日期|成立日期"),
    optional(Field::EndsOn, "end date|valid to|to|until|失效日期|撤销日期"),
];

const MEMBERS: &[FieldSpec] = &[
    required(
        Field::Name,
        "sales_agent|sales agent|agent|member|full name|employee|employee name|sales rep|salesperson| \
         sales person|rep|rep name|user name|user|姓名|员工姓名|成员|员工|销售|销售员|业务员| \
         销售人员|业务人员|人员姓名|成员姓名",
    ),
    optional(
        Field::ExternalId,
        "employee id|employee number|employee key|employee no|user id|owner id|national id number| \
         工号|员工编号|员工工号|人员编号|员工ID|成员编号",
    ),
    optional(
        Field::Manager,
        "manager name|reports to|supervisor|team lead|team leader|sales manager|直属上级|上级|主管| \
         经理|直属主管|汇报对象|销售经理|部门负责人|上级姓名",
    ),
    optional(
        Field::Unit,
        "regional_office|regional office|office|region|department|team|territory|business unit|部门| \
         所属部门|主属部门|团队|区域|大区|所属区域|办事处|分公司|所属团队",
    ),
    optional(
        Field::Email,
        "e-mail|email address|mail|邮箱|电子邮箱|电子邮件|邮箱地址|企业邮箱",
    ),
    optional(
        Field::HiredOn,
        "hire date|start date|joined|joined on|入职日期|入职时间|到岗日期",
    ),
    optional(
        Field::LeftOn,
        "end date|termination date|leave date|离职日期|离职时间",
    ),
    optional(
        Field::Share,
        "share percent|allocation|percent|占比|归属比例|比例",
    ),
];

const PRODUCTS: &[FieldSpec] = &[
    required(
        Field::Name,
        "product|product name|item|item name|产品|产品名称|商品|商品名称|品名",
    ),
    optional(
        Field::ExternalId,
        "sku|product id|product code|product key|item code|产品编号|产品编码|商品编码|商品编号|货号| \
         产品代码",
    ),
    optional(
        Field::Category,
        "series|product series|family|product family|product category|product line|line|subcategory| \
         sub-category|产品类别|产品分类|产品线|系列|产品系列|类别|分类|品类",
    ),
    optional(
        Field::Price,
        "sales_price|sales price|list price|unit price|standard price|单价|价格|标准价格|售价| \
         销售单价|标准价|标准单价",
    ),
];

const ACCOUNTS: &[FieldSpec] = &[
    required(
        Field::Name,
        "account|account name|customer|customer name|company|company name|client|reseller|客户| \
         客户名称|公司|公司名称|企业名称|客户全称",
    ),
    optional(
        Field::ExternalId,
        "account id|customer id|customer code|account number|客户编号|客户编码|客户ID|客户代码",
    ),
    optional(
        Field::Industry,
        "sector|business type|行业|所属行业|客户行业|行业类别",
    ),
    optional(
        Field::Revenue,
        "annual revenue|turnover|年收入|营业额|年营业额|营收",
    ),
    optional(
        Field::Employees,
        "number of employees|no of employees|employee count|headcount|员工数|员工人数|人员规模|人数",
    ),
    optional(
        Field::FoundedYear,
        "year_established|year established|founded|year founded|成立年份|成立时间",
    ),
    optional(
        Field::Location,
        "office_location|office location|country|country/region|billing country|billing city|city| \
         address|地区|国家|城市|所在地|省份|所在地区|地址|办公地点",
    ),
    optional(
        Field::Parent,
        "subsidiary_of|subsidiary of|parent account|parent company|母公司|上级客户|所属集团",
    ),
    optional(
        Field::Member,
        "account owner|owner|owner name|sales_agent|负责人|客户负责人|归属人|业务员",
    ),
    optional(
        Field::Channel,
        "source|account source|lead source|客户来源|来源|渠道|渠道来源",
    ),
];

const OPPORTUNITIES: &[FieldSpec] = &[
    required(
        Field::ExternalId,
        "opportunity_id|opportunity id|deal id|opportunity number|opportunity key|record id|id| \
         商机编号|商机ID|商机编码|商机单号|编号|单号|合同编号|订单编号|数据ID|销售机会编号",
    ),
    optional(
        Field::Name,
        "opportunity|opportunity name|deal|deal name|subject|商机名称|商机|项目名称|机会名称| \
         合同名称|销售机会名称|商机主题",
    ),
    required(
        Field::Member,
        "sales_agent|sales agent|owner|opportunity owner|deal owner|owner name|salesperson|sales rep| \
         rep|agent|负责人|商机负责人|业务员|销售|销售员|销售人员|销售负责人|归属人|所有人|跟进人| \
         商机所有人|owner full name",
    ),
    optional(
        Field::Product,
        "product name|item|sku|product code|产品|产品名称|商品名称|意向产品|产品明细|关联产品",
    ),
    optional(
        Field::Account,
        "account name|customer|customer name|company|client|客户|客户名称|公司名称|关联客户|所属客户",
    ),
    required(
        Field::Stage,
        "deal_stage|deal stage|stage name|opportunity stage|sales stage|status|阶段|商机阶段| \
         销售阶段|当前阶段|状态|商机状态|销售流程阶段",
    ),
    optional(
        Field::CreatedOn,
        "engage_date|engage date|created date|create date|created|created at|date created|open date| \
         start date|创建日期|创建时间|商机创建时间|开始日期|立项日期|提交时间|发现日期",
    ),
    required(
        Field::ClosedOn,
        "close_date|close date|closed date|closed at|won date|expected close date|date closed| \
         关闭日期|成交日期|结单日期|预计成交日期|签约日期|赢单日期|关单日期|预计结单日期| \
         预计成交时间|成交时间|关闭时间|结束日期",
    ),
    required(
        Field::Amount,
        "close_value|close value|value|deal value|deal amount|opportunity amount|total amount| \
         amount converted|sales|金额|商机金额|成交金额|预计成交金额|签约金额|预计金额|销售金额| \
         合同金额|总金额|含税金额|订单金额|预计销售金额",
    ),
    optional(
        Field::Probability,
        "win probability|probability (%)|赢率|成交概率|可能性|概率|赢单率|成功率",
    ),
    optional(
        Field::Channel,
        "lead source|source|opportunity source|sales channel|渠道|来源|商机来源|线索来源|销售渠道| \
         客户来源",
    ),
    optional(
        Field::Currency,
        "currency code|opportunity currency|currency iso code|币种|货币|币别",
    ),
];

const TARGETS: &[FieldSpec] = &[
    optional(
        Field::Member,
        "sales_agent|sales agent|agent|employee|employee name|employee id|salesperson|sales rep|rep| \
         owner|name|full name|national id number|成员|姓名|员工|员工姓名|业务员|销售|销售员|负责人| \
         工号|员工编号|成员/部门|部门/成员|对象|目标对象",
    ),
    optional(
        Field::Unit,
        "office|regional office|region|team|department|territory|部门|区域|团队|大区|组织|所属部门",
    ),
    optional(
        Field::Period,
        "quarter|date|target date|period name|周期|期间|季度|目标周期|日期|考核周期|年月",
    ),
    optional(
        Field::Year,
        "fiscal year|calendar year|fy|年|年度|年份|财年|考核年度",
    ),
    optional(Field::Month, "month number|calendar month|月|月份"),
    optional(
        Field::Amount,
        "target|target amount|quota|sales quota|sales amount quota|goal|value|budget|目标|目标金额| \
         目标值|销售目标|配额|任务额|任务|业绩目标|指标值|任务金额",
    ),
    optional(
        Field::Metric,
        "metric key|measure|kpi|指标|指标名称|考核指标|目标类型",
    ),
    optional(Field::Currency, "currency code|币种|货币"),
];
