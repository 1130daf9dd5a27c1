//! XEP-0004 Data Forms 2.13.1: reading what was submitted, writing what is asked.

use crate::{Element, ns};

/// A form.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Form {
    /// `form`, `submit`, `cancel` or `result`.
    pub kind: String,
    /// Its title.
    pub title: Option<String>,
    /// What to do with it.
    pub instructions: Vec<String>,
    /// Its fields.
    pub fields: Vec<Field>,
}

/// A field.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Field {
    /// Its name.
    pub var: String,
    /// `text-single`, `hidden`, `jid-multi` …
    pub kind: Option<String>,
    /// Its name for people.
    pub label: Option<String>,
    /// Its values.
    pub values: Vec<String>,
    /// What may be chosen: label and value.
    pub options: Vec<(Option<String>, String)>,
    /// Whether it must be filled in.
    pub required: bool,
}

impl Field {
    /// A field with values.
    pub fn new(var: &str, kind: &str, values: impl IntoIterator<Item = String>) -> Field {
        Field {
            var: var.into(),
            kind: Some(kind.into()),
            values: values.into_iter().collect(),
            ..Field::default()
        }
    }

    /// With a name for people.
    pub fn labelled(mut self, label: &str) -> Field {
        self.label = Some(label.into());
        self
    }

    /// Must be filled in.
    pub fn required(mut self) -> Field {
        self.required = true;
        self
    }

    fn parse(e: &Element) -> Field {
        let value = |e: &Element| e.find_text("value", ns::DATA);
        Field {
            var: e.get("var").unwrap_or("").into(),
            kind: e.get("type").map(Into::into),
            label: e.get("label").map(Into::into),
            values: e
                .children()
                .filter(|c| c.is("value", ns::DATA))
                .map(Element::text_content)
                .collect(),
            options: e
                .children()
                .filter(|c| c.is("option", ns::DATA))
                .filter_map(|o| Some((o.get("label").map(Into::into), value(o)?)))
                .collect(),
            required: e.find("required", ns::DATA).is_some(),
        }
    }

    fn to_element(&self) -> Element {
        let value = |v: &String| Element::new(ns::DATA, "value").text(v.clone());
        let option = |(label, v): &(Option<String>, String)| {
            Element::new(ns::DATA, "option")
                .attr_opt("label", label.clone())
                .child(value(v))
        };
        Element::new(ns::DATA, "field")
            .attr("var", self.var.clone())
            .attr_opt("type", self.kind.clone())
            .attr_opt("label", self.label.clone())
            .children_from(self.required.then(|| Element::new(ns::DATA, "required")))
            .children_from(self.values.iter().map(value))
            .children_from(self.options.iter().map(option))
    }
}

impl Form {
    /// A form of this type whose hidden FORM_TYPE (XEP-0068) is `form_type`.
    pub fn new(kind: &str, form_type: &str) -> Form {
        let fields = vec![Field::new("FORM_TYPE", "hidden", [form_type.to_owned()])];
        Form {
            kind: kind.into(),
            fields,
            ..Form::default()
        }
    }

    /// With a field.
    pub fn with(mut self, field: Field) -> Form {
        self.fields.push(field);
        self
    }

    /// Reads an `<x/>`; `None` if it is no form.
    pub fn parse(x: &Element) -> Option<Form> {
        if !x.is("x", ns::DATA) {
            return None;
        }
        let texts = |name: &str| {
            x.children()
                .filter(|c| c.is(name, ns::DATA))
                .map(Element::text_content)
                .collect()
        };
        Some(Form {
            kind: x.get("type")?.into(),
            title: x.find_text("title", ns::DATA),
            instructions: texts("instructions"),
            fields: x
                .children()
                .filter(|c| c.is("field", ns::DATA))
                .map(Field::parse)
                .collect(),
        })
    }

    /// As an `<x/>`.
    pub fn to_element(&self) -> Element {
        let text = |name: &'static str, t: &String| Element::new(ns::DATA, name).text(t.clone());
        Element::new(ns::DATA, "x")
            .attr("type", self.kind.clone())
            .children_from(self.title.iter().map(|t| text("title", t)))
            .children_from(self.instructions.iter().map(|t| text("instructions", t)))
            .children_from(self.fields.iter().map(Field::to_element))
    }

    /// Its FORM_TYPE.
    pub fn form_type(&self) -> Option<&str> {
        self.value("FORM_TYPE")
    }

    /// The first value of a field.
    pub fn value(&self, var: &str) -> Option<&str> {
        self.values(var).first().map(String::as_str)
    }

    /// The values of a field, none if it is not there.
    pub fn values(&self, var: &str) -> &[String] {
        self.fields
            .iter()
            .find(|f| f.var == var)
            .map_or(&[], |f| &f.values)
    }

    /// Whether the field is there.
    pub fn has(&self, var: &str) -> bool {
        self.fields.iter().any(|f| f.var == var)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_and_back() {
        let mut form = Form::new("form", "urn:xmpp:test")
            .with(Field::new("a", "list-single", ["x".into()]).required());
        form.title = Some("T".into());
        form.fields[1].options = vec![(Some("X".into()), "x".into()), (None, "y".into())];
        assert_eq!(Form::parse(&form.to_element()).unwrap(), form);
        assert_eq!(
            (form.form_type(), form.value("a"), form.value("b")),
            (Some("urn:xmpp:test"), Some("x"), None)
        );
    }

    #[test]
    fn what_is_no_form() {
        for bad in [
            "<x xmlns='jabber:x:data'/>",
            "<x xmlns='other' type='submit'/>",
        ] {
            assert_eq!(Form::parse(&Element::parse(bad).unwrap()), None, "{bad}");
        }
    }
}
