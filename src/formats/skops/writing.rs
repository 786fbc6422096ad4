//! From objects to a skops file.

use serde_json::{Value, json};

use crate::error::Result;
use crate::formats::npy;
use crate::formats::numpy::{Array, ElementType};
use crate::formats::object::{Arena, Global, Id, Object};
use crate::formats::zip::pack;

/// The protocol written, and the version of skops that has it.
const PROTOCOL: u32 = 2;
const SKOPS_VERSION: &str = "0.11.0";

/// The file of one object.
pub(super) fn print(arena: &Arena<'_>, root: Id) -> Result<Vec<u8>> {
    let mut writer = Writer { arena, files: Vec::new(), nodes: 0 };
    let mut schema = writer.object(root);
    schema["protocol"] = PROTOCOL.into();
    schema["_skops_version"] = SKOPS_VERSION.into();
    writer.files.push(("schema.json".to_owned(), schema.to_string().into_bytes()));
    pack(&writer.files)
}

struct Writer<'w, 'a> {
    arena: &'w Arena<'a>,
    files: Vec<(String, Vec<u8>)>,
    /// Nodes written so far; each has its own number.
    nodes: u64,
}

impl Writer<'_, '_> {
    fn node(&mut self, module: &str, class: &str, loader: &str) -> Value {
        self.nodes += 1;
        json!({"__class__": class, "__module__": module, "__loader__": loader, "__id__": self.nodes})
    }

    fn object(&mut self, id: Id) -> Value {
        match self.arena.get(id) {
            Object::None => self.value(Value::Null),
            Object::Boolean(value) => self.value((*value).into()),
            Object::Integer(value) => self.value((*value).into()),
            Object::Float(value) => self.value((*value).into()),
            Object::Text(text) => self.value((&**text).into()),
            // No forest holds bare bytes or classes; they are read from pickles only.
            Object::Bytes(_) | Object::Global(_) | Object::Foreign { .. } => self.value(Value::Null),
            Object::Tuple(items) => self.sequence("tuple", "TupleNode", items),
            Object::List(items) => self.sequence("list", "ListNode", items),
            Object::Dictionary(entries) => self.dictionary(entries),
            Object::Instance { constructor, arguments, state } => self.instance(*constructor, *arguments, *state),
            Object::Array(array) => self.array(array),
        }
    }

    fn value(&mut self, value: Value) -> Value {
        let mut node = self.node("builtins", "str", "JsonNode");
        node["content"] = value.to_string().into();
        node["is_json"] = true.into();
        node
    }

    fn sequence(&mut self, class: &str, loader: &str, items: &[Id]) -> Value {
        let items: Vec<Value> = items.iter().map(|&item| self.object(item)).collect();
        let mut node = self.node("builtins", class, loader);
        node["content"] = items.into();
        node
    }

    fn dictionary(&mut self, entries: &[(Id, Id)]) -> Value {
        let mut content = serde_json::Map::new();
        for &(key, value) in entries {
            if let Object::Text(key) = self.arena.get(key) {
                content.insert(key.to_string(), self.object(value));
            }
        }
        let types: Vec<Value> = content.iter().map(|_| self.node("builtins", "str", "TypeNode")).collect();
        let mut key_types = self.node("builtins", "list", "ListNode");
        key_types["content"] = types.into();
        let mut node = self.node("builtins", "dict", "DictNode");
        node["content"] = content.into();
        node["key_types"] = key_types;
        node
    }

    fn instance(&mut self, constructor: Global, arguments: Id, state: Option<Id>) -> Value {
        let is_tree = constructor == Global::Tree;
        let mut node = self.node(constructor.module(), constructor.symbol(), if is_tree { "TreeNode" } else { "ObjectNode" });
        if is_tree {
            node["__reduce__"] = json!({"args": self.object(arguments)});
        }
        if let Some(state) = state {
            node["content"] = self.object(state);
        }
        node
    }

    fn array(&mut self, array: &Array<'_>) -> Value {
        let mut node = self.node("numpy", "ndarray", "NdArrayNode");
        if array.element == ElementType::Object {
            let items: Vec<Value> = array.objects.iter().map(|&item| self.object(item)).collect();
            let lengths: Vec<Value> = array.shape.iter().map(|&length| self.value(length.into())).collect();
            let mut shape = self.node("builtins", "tuple", "TupleNode");
            shape["content"] = lengths.into();
            node["type"] = "json".into();
            node["content"] = items.into();
            node["shape"] = shape;
            return node;
        }
        let name = format!("{}.npy", self.files.len());
        self.files.push((name.clone(), npy::print(array)));
        node["type"] = "numpy".into();
        node["file"] = name.into();
        node
    }
}
