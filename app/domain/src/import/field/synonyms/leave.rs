//! What lists of leave call their columns: 钉钉, 飞书, 企业微信, `BambooHR`, Personio, plain spreadsheets.

use super::{optional, required};
use crate::import::{Field, FieldSpec};

/// Days of leave. A person is known by number, address or name, in this order; the end is told as the last day away or as the
/// first day back.
pub(super) const LEAVE: &[FieldSpec] = &[
    optional(
        Field::Member,
        "sales_agent|sales agent|employee|employee name|salesperson|sales rep|rep|name|full name|person|who|requester| \
         requested by|成员|姓名|员工|员工姓名|成员姓名|业务员|销售员|申请人|申请人姓名|发起人|发起人姓名|请假人|休假人",
    ),
    optional(
        Field::ExternalId,
        "employee id|employee number|employee no|user id|工号|员工编号|员工工号|员工ID|成员编号|人员编号| \
         发起人工号|申请人工号",
    ),
    optional(
        Field::Email,
        "e-mail|email address|mail|work email|employee email|邮箱|电子邮箱|电子邮件|邮箱地址|企业邮箱",
    ),
    required(
        Field::StartsOn,
        "start date|start|starts|start time|from|date from|from date|first day|first day away|leave start|leave from| \
         absence from|absence start|开始日期|开始时间|起始日期|起始时间|请假开始日期|请假开始时间|请假起始日期|休假开始日期| \
         休假开始时间|休假首日|第一天",
    ),
    optional(
        Field::EndsOn,
        "end date|end|ends|end time|to|date to|to date|until|last day|last day away|leave end|leave to|absence to|absence end| \
         结束日期|结束时间|截止日期|截止时间|请假结束日期|请假结束时间|请假截止日期|休假结束日期|休假结束时间|休假末日|最后一天",
    ),
    optional(
        Field::BackOn,
        "first day back|return date|returns on|return on|return to work|返岗日|返工日期|复工日期|上班日期|销假日期|到岗日期",
    ),
    optional(
        Field::LeaveType,
        "type|kind|type of leave|kind of leave|absence type|absence|time off type|leave category|请假类型|请假类别|假别|假期类型| \
         假期类别|假期名称|休假类别|假种|类型|类别",
    ),
    optional(
        Field::Note,
        "notes|comment|comments|remark|remarks|reason|leave reason|description|说明|事由|原因|请假事由|请假原因|休假事由| \
         休假原因|请假说明",
    ),
];
