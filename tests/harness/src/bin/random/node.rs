//! Generated Erlang text that remembers its expressions, so that what is wrong can be made smaller.

/// What an expression is meant to give. Mostly it does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Type {
    Int,
    Float,
    Bool,
    Atom,
    Binary,
    Bits,
    /// A list of characters.
    Text,
    List(Box<Type>),
    Tuple(Vec<Type>),
    Map(Box<Type>, Box<Type>),
    /// The record that every module defines.
    Record,
    Fun(Vec<Type>, Box<Type>),
}

impl Type {
    /// The smallest expression of the type.
    pub fn smallest(&self) -> String {
        match self {
            Type::Int => "0".into(),
            Type::Float => "1.0".into(),
            Type::Bool => "true".into(),
            Type::Atom => "a".into(),
            Type::Binary | Type::Bits => "<<>>".into(),
            Type::Text | Type::List(_) => "[]".into(),
            Type::Tuple(types) => {
                let parts: Vec<String> = types.iter().map(Type::smallest).collect();
                format!("{{{}}}", parts.join(", "))
            }
            Type::Map(..) => "#{}".into(),
            Type::Record => "#r{}".into(),
            Type::Fun(types, result) => {
                let wildcards = vec!["_"; types.len()].join(", ");
                format!("fun({wildcards}) -> {} end", result.smallest())
            }
        }
    }
}

/// A piece of the program. Only expressions have a type.
#[derive(Clone, Debug)]
pub struct Node {
    pub ty: Option<Type>,
    parts: Vec<Part>,
}

#[derive(Clone, Debug)]
enum Part {
    Text(String),
    Node(Node),
}

impl Node {
    /// Each `@` of the template is the next child.
    pub fn new(ty: Option<Type>, template: &str, children: Vec<Node>) -> Node {
        let mut parts = Vec::new();
        let mut children = children.into_iter();
        for (position, text) in template.split('@').enumerate() {
            if position > 0 {
                parts.push(Part::Node(children.next().expect("a child for each place")));
            }
            if !text.is_empty() {
                parts.push(Part::Text(text.to_string()));
            }
        }
        assert!(children.next().is_none(), "a place for each child: {template}");
        Node { ty, parts }
    }

    pub fn leaf(ty: Type, text: impl Into<String>) -> Node {
        Node { ty: Some(ty), parts: vec![Part::Text(text.into())] }
    }

    pub fn text(&self) -> String {
        let mut text = String::new();
        self.write(&mut text);
        text
    }

    fn write(&self, text: &mut String) {
        for part in &self.parts {
            match part {
                Part::Text(piece) => text.push_str(piece),
                Part::Node(node) => node.write(text),
            }
        }
    }

    pub fn children(&self) -> impl Iterator<Item = &Node> {
        self.parts.iter().filter_map(|part| match part {
            Part::Node(node) => Some(node),
            Part::Text(_) => None,
        })
    }

    fn descendants<'a>(&'a self, found: &mut Vec<&'a Node>) {
        for child in self.children() {
            found.push(child);
            child.descendants(found);
        }
    }

    /// Every version of this piece with one expression replaced by a smaller one.
    pub fn smaller(&self) -> Vec<Node> {
        let mut versions = Vec::new();
        if let Some(ty) = &self.ty {
            let text = self.text();
            let mut inner = Vec::new();
            self.descendants(&mut inner);
            versions.extend(inner.into_iter().filter(|node| node.ty.as_ref() == Some(ty)).cloned());
            let smallest = ty.smallest();
            if smallest.len() < text.len() {
                versions.push(Node::leaf(ty.clone(), smallest));
            }
        }
        for (position, part) in self.parts.iter().enumerate() {
            let Part::Node(child) = part else { continue };
            for version in child.smaller() {
                let mut copy = self.clone();
                copy.parts[position] = Part::Node(version);
                versions.push(copy);
            }
        }
        versions
    }
}
