//! Orders as ERP systems export them (用友, 金蝶, SAP, Dynamics, `AdventureWorks`, Superstore), and the figures a split is
//! based on.

use super::{optional, required};
use crate::import::{Field, FieldSpec};

pub(super) const ORDERS: &[FieldSpec] = &[
    required(
        Field::ExternalId,
        "sales order number|salesordernumber|order number|order no|order id|order key|sales order|sales order no| \
         sales document|so number|订单编号|订单号|订单编码|销售订单号|销售订单编号|单据编号|单据号|单号| \
         合同编号|编号|id",
    ),
    required(
        Field::OrderedOn,
        "order date|orderdate|date ordered|purchase date|document date|sales order date|下单日期|下单时间| \
         订单日期|订货日期|单据日期|销售日期|订单时间|签订日期|日期",
    ),
    optional(
        Field::Member,
        "sales_agent|sales agent|salesperson|sales person|sales rep|sales person id|salesperson id|rep|owner|order owner| \
         业务员|销售员|销售|销售人员|销售代表|销售负责人|负责人|员工|业务人员",
    ),
    optional(
        Field::Unit,
        "region|sales region|office|team|department|territory|sales territory|sales office|部门|销售部门|区域|大区| \
         团队|所属部门|分公司|办事处",
    ),
    optional(
        Field::Account,
        "account name|customer|customer name|company|client|sold to|客户|客户名称|购货单位|公司名称|购买方|买方",
    ),
    optional(
        Field::Channel,
        "sales channel|order channel|order source|distribution channel|渠道|销售渠道|订单来源|来源|渠道来源|店铺",
    ),
    optional(
        Field::Product,
        "product name|item|item name|material|sku|product code|产品|产品名称|商品|商品名称|物料名称|存货名称| \
         品名|货品名称",
    ),
    optional(
        Field::Quantity,
        "qty|order qty|order quantity|units|pieces|数量|订单数量|订货数量|销售数量|件数",
    ),
    optional(
        Field::Price,
        "unit price|price|sales price|net price|单价|未税单价|不含税单价|销售单价",
    ),
    optional(
        Field::Amount,
        "line amount|line total|sales|sales amount|extended price|line net|net line amount|行金额|明细金额|金额| \
         销售额|销售金额|小计|未税行金额",
    ),
    optional(
        Field::Line,
        "line no|line item|order line|sales order detail id|salesorderlinenumber|行号|订单行号|明细行号|序号",
    ),
    optional(
        Field::Net,
        "sub total|subtotal|net|net total|net value|amount excluding tax|total excluding tax|未税金额|不含税金额| \
         未税合计|订单未税金额|无税金额",
    ),
    optional(
        Field::Tax,
        "taxamt|tax amount|vat|vat amount|sales tax|税额|税金|增值税|税款",
    ),
    optional(
        Field::Other,
        "freight|shipping|shipping cost|shipping fee|charges|运费|其他费用|杂费|邮费",
    ),
    optional(
        Field::Gross,
        "total due|totaldue|gross|gross total|grand total|total including tax|amount including tax|order total| \
         价税合计|含税金额|含税合计|订单金额|订单总额|总金额|应收合计|合计金额",
    ),
    optional(
        Field::OrderStatus,
        "status|order state|document status|order status|订单状态|单据状态|状态",
    ),
    optional(
        Field::Currency,
        "currency code|order currency|currency iso code|币种|货币|币别",
    ),
];

pub(super) const POTENTIAL: &[FieldSpec] = &[
    optional(
        Field::Unit,
        "region|team|department|territory|office|部门|区域|大区|团队|省区",
    ),
    optional(
        Field::Product,
        "product name|item|sku|产品|产品名称|商品|商品名称",
    ),
    optional(
        Field::Account,
        "account name|customer|customer name|company|client|客户|客户名称|公司名称",
    ),
    optional(
        Field::Period,
        "quarter|fiscal period|period name|周期|期间|季度|年月|年度",
    ),
    optional(
        Field::StartsOn,
        "start date|from|valid from|开始日期|起始日期|生效日期",
    ),
    optional(
        Field::EndsOn,
        "end date|to|until|valid to|结束日期|截止日期|失效日期",
    ),
    required(
        Field::Amount,
        "potential|market potential|market size|market volume|addressable market|tam|sam|市场潜力|潜力|市场容量| \
         市场规模|市场空间|潜力金额|潜在采购额|采购潜力",
    ),
    optional(
        Field::Source,
        "data source|study|report|origin|来源|数据来源|出处|依据|报告",
    ),
    optional(
        Field::NotedOn,
        "noted|as of|date noted|survey date|记录日期|统计日期|调研日期|更新日期",
    ),
    optional(Field::Currency, "currency code|币种|货币"),
];

pub(super) const CAPABILITY: &[FieldSpec] = &[
    optional(
        Field::Member,
        "sales_agent|sales agent|agent|employee|employee name|salesperson|sales rep|rep|name|full name|成员|姓名| \
         员工|员工姓名|业务员|销售|销售员|工号|员工编号",
    ),
    optional(
        Field::Unit,
        "office|region|team|department|territory|部门|区域|团队|大区",
    ),
    optional(
        Field::Figure,
        "capability|capacity|monthly capacity|capability amount|amount per month|能力|月能力|月产能|产能|人均产能| \
         能力值|月均能力",
    ),
    optional(
        Field::Rating,
        "rating|score|ability|capability rating|capability percent|能力评分|评分|能力系数|系数|能力比例",
    ),
    optional(
        Field::StartsOn,
        "start date|valid from|holds from|from|date|effective date|生效日期|评估日期|日期|开始日期",
    ),
    optional(
        Field::AssessedBy,
        "assessor|assessed by|rated by|by|evaluator|评估人|评分人|评定人|填写人",
    ),
    optional(Field::Currency, "currency code|币种|货币"),
];
