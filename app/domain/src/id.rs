//! Identifiers: one newtype per noun over a 16-byte UUID (version 7 when the server makes one).

/// Declares id newtypes that serialise as the hyphenated UUID text.
macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub uuid::Uuid);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                uuid::Uuid::parse_str(text).map($name)
            }
        }

        impl From<uuid::Uuid> for $name {
            fn from(value: uuid::Uuid) -> Self {
                Self(value)
            }
        }
    )+};
}

ids! {
    /// The company an installation serves; the first column of every key.
    OrganizationId,
    /// A node of the organisation tree (company, region, branch, team).
    UnitId,
    /// A person who carries numbers.
    MemberId,
    /// A dated membership of a member in a unit.
    AssignmentId,
    /// Days on which a member is away.
    LeaveId,
    /// A person who signs in; may be linked to a member.
    UserId,
    /// An API token.
    TokenId,
    /// A product.
    ProductId,
    /// A product category (line, series).
    CategoryId,
    /// A customer.
    AccountId,
    /// A way deals come by.
    ChannelId,
    /// A deal of the pipeline.
    OpportunityId,
    /// An order.
    OrderId,
    /// A figure of market potential.
    PotentialId,
    /// A figure of what somebody is capable of.
    CapabilityId,
    /// What is counted.
    MetricId,
    /// The targets of one fiscal year and metric.
    PlanId,
    /// One version (draft, published …) of a plan.
    VersionId,
    /// A node of a plan version: a unit or a member in its place in the tree.
    NodeId,
    /// A change of a plan, as whoever sends it names it: sent again, it is not done twice.
    CommandId,
    /// A version that was handed in to be approved.
    SubmissionId,
    /// Something said of a number or a plan.
    RemarkId,
    /// A published plan that is to be adjusted.
    RevisionId,
    /// What a plan is reckoned with: market factors, deals left out of the history …
    AssumptionsId,
    /// A market factor of an outlook.
    FactorId,
    /// A file that something refers to.
    AttachmentId,
    /// One import of a file.
    ImportId,
    /// A thread on one number.
    NegotiationId,
    /// Something one person is told.
    NoticeId,
    /// Work that is done after the change that asked for it.
    JobId,
    /// What people are asked before targets are set.
    QuestionnaireId,
}
