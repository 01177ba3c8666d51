//! Products and their categories.

use domain::id::{CategoryId, ImportId, ProductId};
use domain::money::Fact;
use sea_orm::Value;
use uuid::Uuid;

use crate::bulk::{Insert, execute};
use crate::reference::LINES;
use crate::{Scope, Session, StoreError, Writer, reference};

/// A product.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Product {
    /// Its id.
    pub id: ProductId,
    /// Its name, unique in the organization.
    pub name: String,
    /// The name's pinyin, for order and search.
    pub pinyin: String,
    /// Its number in other systems.
    pub sku: Option<String>,
    /// Its category.
    pub category: Option<CategoryId>,
    /// Its list price.
    pub list_price: Option<Fact>,
    /// The import that made it.
    pub import: Option<ImportId>,
}

/// A category of products.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Category {
    /// Its id.
    pub id: CategoryId,
    /// Its name, unique in the organization.
    pub name: String,
    /// The name's pinyin.
    pub pinyin: String,
    /// The import that made it.
    pub import: Option<ImportId>,
}

const PRODUCT: Insert = Insert {
    head: "INSERT INTO product (organization_id, id, name, pinyin, sku, category_id, list_price, import_id)",
    columns: 8,
    tail: "",
};
const CATEGORY: Insert = Insert {
    head: "INSERT INTO category (organization_id, id, name, pinyin, import_id)",
    columns: 5,
    tail: "",
};

/// Every product by pinyin; what there is to sell is no secret within the organization.
pub async fn list(session: &impl Session, scope: &Scope) -> Result<Vec<Product>, StoreError> {
    let columns = "id, name, pinyin, sku, category_id, list_price, import_id";
    let rows = reference::all(session, scope, "product", columns).await?;
    rows.iter()
        .map(|row| {
            let id: Uuid = row.try_get_by_index(0)?;
            let category: Option<Uuid> = row.try_get_by_index(4)?;
            let price: Option<i64> = row.try_get_by_index(5)?;
            Ok(Product {
                id: id.into(),
                name: row.try_get_by_index(1)?,
                pinyin: row.try_get_by_index(2)?,
                sku: row.try_get_by_index(3)?,
                category: category.map(CategoryId),
                list_price: price.map(Fact),
                import: reference::import_at(row, 6)?,
            })
        })
        .collect()
}

/// Every category by pinyin.
pub async fn categories(session: &impl Session, scope: &Scope) -> Result<Vec<Category>, StoreError> {
    let rows = reference::all(session, scope, "category", "id, name, pinyin, import_id").await?;
    rows.iter()
        .map(|row| {
            let id: Uuid = row.try_get_by_index(0)?;
            Ok(Category {
                id: id.into(),
                name: row.try_get_by_index(1)?,
                pinyin: row.try_get_by_index(2)?,
                import: reference::import_at(row, 3)?,
            })
        })
        .collect()
}

/// Adds products; their categories come before.
pub async fn insert(writer: &Writer, scope: &Scope, products: &[Product]) -> Result<(), StoreError> {
    let mut values: Vec<Value> = Vec::with_capacity(products.len() * PRODUCT.columns);
    for product in products {
        values.extend([
            scope.organization.0.into(),
            product.id.0.into(),
            product.name.clone().into(),
            product.pinyin.clone().into(),
            product.sku.clone().into(),
            product.category.map(|id| id.0).into(),
            product.list_price.map(|price| price.0).into(),
            product.import.map(|id| id.0).into(),
        ]);
    }
    PRODUCT.run(writer, values).await
}

/// Adds categories.
pub async fn insert_categories(
    writer: &Writer,
    scope: &Scope,
    categories: &[Category],
) -> Result<(), StoreError> {
    let mut values: Vec<Value> = Vec::with_capacity(categories.len() * CATEGORY.columns);
    for category in categories {
        values.extend([
            scope.organization.0.into(),
            category.id.0.into(),
            category.name.clone().into(),
            category.pinyin.clone().into(),
            category.import.map(|id| id.0).into(),
        ]);
    }
    CATEGORY.run(writer, values).await
}

/// Replaces everything of a product but its id.
pub async fn update(writer: &Writer, scope: &Scope, product: &Product) -> Result<(), StoreError> {
    let values = vec![
        product.name.clone().into(),
        product.pinyin.clone().into(),
        product.sku.clone().into(),
        product.category.map(|id| id.0).into(),
        product.list_price.map(|price| price.0).into(),
        product.import.map(|id| id.0).into(),
        scope.organization.0.into(),
        product.id.0.into(),
    ];
    let sql = "UPDATE product SET name = $1, pinyin = $2, sku = $3, category_id = $4, list_price = $5, import_id = $6 \
               WHERE organization_id = $7 AND id = $8";
    match execute(writer, sql, values).await? {
        1 => Ok(()),
        _ => Err(StoreError::NotFound("product")),
    }
}

/// Deletes products.
pub async fn remove(writer: &Writer, scope: &Scope, ids: &[Uuid]) -> Result<(), StoreError> {
    reference::remove(writer, scope, "product", ids).await
}

/// Deletes categories; refused by the database while a product refers to one.
pub async fn remove_categories(writer: &Writer, scope: &Scope, ids: &[Uuid]) -> Result<(), StoreError> {
    reference::remove(writer, scope, "category", ids).await
}

/// Which of these products something refers to.
pub async fn used(session: &impl Session, scope: &Scope, ids: &[Uuid]) -> Result<Vec<Uuid>, StoreError> {
    reference::used(
        session,
        scope,
        &[
            ("opportunity", "product_id"),
            (LINES, "l.product_id"),
            ("market_factor", "product_id"),
        ],
        ids,
    )
    .await
}

/// Which of these categories a market factor refers to.
pub async fn used_categories(
    session: &impl Session,
    scope: &Scope,
    ids: &[Uuid],
) -> Result<Vec<Uuid>, StoreError> {
    reference::used(session, scope, &[("market_factor", "category_id")], ids).await
}
