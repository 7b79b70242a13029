//! Pass `expr`: parses every expression of an application and resolves the names in it.
//!
//! Requires an application whose other names are resolved. Establishes that every name in an expression is
//! the id of something visible; declares event data and service outputs that are only read. Reports the
//! rules of [`super::expression_rules`].

use super::{
    HostArities, Node, Referent, Resolved, Symbol, ast, calls, done, expression_rules, index::Index, meant,
    parse_text::parse_with, patterns, protected_reads::ProtectedReads, written::WrittenReferences,
};
use crate::sorted::SortedSet;
use crate::{
    diagnostics::{Diagnostic, Diagnostics, suggest::suggest},
    lists::Gather,
    model::{
        Application, Datum, DatumId, Event, EventId, ExpressionContext, Name, OutputId, Role, Service,
        ServiceId, ServiceOutput, VarId, arena::Arena, scope::Scopes,
    },
    source::Span,
    text::Text,
    vocabulary::Gaps,
};

/// Parses and resolves every expression of an application, with no host functions. What is wrong is reported
/// and stands as [`Referent::Broken`].
#[must_use]
pub fn resolve_expressions(app: Application<Text>, diagnostics: &mut Diagnostics) -> Application<Resolved> {
    resolve_with(app, &HostArities::new(), diagnostics)
}

/// Parses and resolves every expression of an application that can call these host functions. What is wrong is
/// reported and stands as [`Referent::Broken`].
#[must_use]
pub fn resolve_with(
    app: Application<Text>,
    hosts: &HostArities,
    diagnostics: &mut Diagnostics,
) -> Application<Resolved> {
    let mut resolver = ExprResolver {
        missing: app.gaps,
        broken: false,
        scopes: Scopes::new(&app),
        events: app.events.clone(),
        data: app.data.clone(),
        services: app.services.clone(),
        outputs: app.outputs.clone(),
        data_by_name: Index::new(app.data.iter().map(|(id, d)| (d.event, d.name.text.as_str(), id))),
        outputs_by_name: Index::new(app.outputs.iter().map(|(id, o)| (o.service, o.name.text.as_str(), id))),
        read: SortedSet::new(),
        advice: MOST_ADVICE,
        hosts,
        diagnostics,
    };
    let resolved = app.map_expressions(&mut |context, text| resolver.expression(context, &text));
    let ExprResolver { events, data, services, outputs, read, broken, .. } = resolver;
    let mut app = Application { events, data, services, outputs, ..resolved };
    app.gaps.reads |= broken;
    done::complete(&mut app, &read);
    app
}

/// Unknown names that get advice: searching for what was meant looks at every name there is.
const MOST_ADVICE: u32 = 100;

struct ExprResolver<'d> {
    /// What earlier errors have left out.
    missing: Gaps,
    /// Whether something of an expression is in error.
    broken: bool,
    scopes: Scopes,
    events: Arena<EventId, Event>,
    data: Arena<DatumId, Datum>,
    services: Arena<ServiceId, Service>,
    outputs: Arena<OutputId, ServiceOutput>,
    data_by_name: Index<EventId, DatumId>,
    outputs_by_name: Index<ServiceId, OutputId>,
    /// Event data that some expression reads.
    read: SortedSet<DatumId>,
    /// How many more unknown names may be looked at for what was meant.
    advice: u32,
    hosts: &'d HostArities,
    diagnostics: &'d mut Diagnostics,
}

impl ExprResolver<'_> {
    fn expression(&mut self, context: &ExpressionContext, text: &Text) -> Resolved {
        let found = if text.is_broken() { None } else { self.parsed(context, text) };
        self.broken |= found.is_none();
        found.unwrap_or_else(|| {
            let kind = ast::Kind::Ref(Referent::Broken);
            Resolved { root: Node { kind, span: text.span }, locals: Vec::new() }
        })
    }

    fn parsed(&mut self, context: &ExpressionContext, text: &Text) -> Option<Resolved> {
        let parsed = parse_with(text, self.hosts)
            .map_err(|fault| self.diagnostics.push(meant::advise(*fault, text, context.role)))
            .ok()?;
        let callable = calls::check(&parsed.root, self.hosts, self.diagnostics);
        let readable = patterns::check(&parsed.root, text, self.diagnostics);
        let written = WrittenReferences::of(&parsed.root);
        let protected = ProtectedReads::of(&parsed.root);
        let resolved = parsed.map_references(&mut |symbol, span| {
            let referent = match symbol {
                Symbol::Name(name) => self.variable(context, text, &name, *span, written.contains(*span)),
                Symbol::Datum(name) if written.contains(*span) => self.written_datum(&name, *span),
                Symbol::Datum(name) => self.datum(context, name, *span, protected.contains(*span)),
            };
            self.broken |= referent.is_none();
            Some(referent.unwrap_or(Referent::Broken))
        })?;
        (callable && readable).then_some(resolved)
    }

    fn variable(
        &mut self,
        context: &ExpressionContext,
        text: &Text,
        name: &str,
        span: Span,
        written: bool,
    ) -> Option<Referent> {
        let Some(variable) = self.scopes.find(context.scope, name) else {
            if self.scopes.may_lack(context.scope) {
                return None;
            }
            let fault = self.unknown_variable(context, name, span, written);
            let whole = meant::is_beginning(span, text);
            self.diagnostics.push(if whole { meant::advise(fault, text, context.role) } else { fault });
            return None;
        };
        if let Role::Initial(initialised) = context.role
            && let Some(reason) = self.scopes.too_early(initialised, variable)
        {
            let fault = self.too_early(initialised, variable, span, reason);
            self.diagnostics.push(fault);
            return None;
        }
        Some(Referent::Variable(variable))
    }

    /// Whether there is still advice to be given.
    fn advises(&mut self) -> bool {
        let advises = self.advice > 0;
        self.advice = self.advice.saturating_sub(1);
        advises
    }

    fn unknown_variable(
        &mut self,
        context: &ExpressionContext,
        name: &str,
        span: Span,
        written: bool,
    ) -> Diagnostic {
        if let Some(help) = calls::foreign_class(name) {
            let message = format!("the class `{name}` is not part of this language");
            return Diagnostic::new(&expression_rules::UNSUPPORTED, span, message).help(help);
        }
        let fault =
            Diagnostic::new(&expression_rules::UNKNOWN_NAME, span, format!("unknown variable `{name}`"));
        if self.carries(context, name) {
            return fault.help(format!("event data are written with `$`: `${name}`"));
        }
        if !self.advises() {
            return fault;
        }
        if let Some((declared, owner)) = self.scopes.elsewhere(name) {
            return fault.label("not visible from here").related(
                declared.span,
                format!("`{name}` belongs to {owner}, which is not visible from here"),
            );
        }
        let visible = self.scopes.visible(context.scope).into_iter();
        let near = suggest(name, visible.filter(|known| self.is_usable(context, known)));
        let declare = format!("declare it with `var {name}`, or as data of the description");
        fault.did_you_mean(span, name, near).maybe_help(written.then_some(declare))
    }

    /// Whether a visible variable could stand in an expression.
    fn is_usable(&self, context: &ExpressionContext, name: &str) -> bool {
        let early = match (context.role, self.scopes.find(context.scope, name)) {
            (Role::Initial(initialised), Some(used)) => self.scopes.too_early(initialised, used).is_some(),
            _ => false,
        };
        !early && csml_expr::is_variable_name(name)
    }

    /// Event data are those of an event that has happened.
    fn written_datum(&mut self, name: &str, span: Span) -> Option<Referent> {
        let message = format!("event data cannot be changed: `${name}`");
        let fault = Diagnostic::new(&expression_rules::WRITTEN_DATUM, span, message)
            .label("assigned here")
            .help(format!("use a variable of the script: `var {name} = ${name}`"));
        self.diagnostics.push(fault);
        None
    }

    /// Whether an event that leads here is known to carry this datum.
    fn carries(&self, context: &ExpressionContext, name: &str) -> bool {
        context.trigger.events.iter().any(|event| self.find_datum(*event, name).is_some())
    }

    fn too_early(&self, variable: VarId, used: VarId, span: Span, reason: String) -> Diagnostic {
        let text = |id| self.scopes.name(id).map_or("", |name| &name.text);
        let message = format!("`{}` has no value yet when `{}` is initialised", text(used), text(variable));
        let fault = Diagnostic::new(&expression_rules::NOT_INITIALISED, span, message).label(reason);
        match self.scopes.name(used) {
            Some(name) if used != variable => fault.related(name.span, "it belongs to this component"),
            _ => fault,
        }
    }

    fn datum(
        &mut self,
        context: &ExpressionContext,
        name: String,
        span: Span,
        protected: bool,
    ) -> Option<Referent> {
        let trigger = &context.trigger;
        if let Some(service) = trigger.completion {
            return Some(Referent::Output(self.output(service, &name, span)));
        }
        let alone = trigger.events.len() == 1 && !trigger.start && !trigger.timer;
        let mut sources = Vec::new();
        let mut lacking = Vec::new();
        for event in &trigger.events {
            if let Some(datum) = self.find_datum(*event, &name) {
                sources.push(datum);
            } else if self.events[*event].open {
                let text = name.clone();
                let declared = Name { text, span };
                let datum =
                    self.data.push(Datum { event: *event, name: declared, optional: true, fixed: None });
                self.events[*event].data.push(datum);
                self.data_by_name.insert(*event, &name, datum);
                sources.push(datum);
            } else {
                lacking.push(*event);
            }
        }
        if let [datum] = *sources
            && alone
            && self.environment_sends(datum)
        {
            // Nothing here works without it, so the boundary asks for it.
            self.data[datum].optional = false;
        }
        self.read.extend(&sources);
        if sources.is_empty() && (self.missing.actions || self.missing.targets) {
            return None;
        }
        if sources.is_empty() {
            let fault = self.unknown_datum(context, &name, span);
            self.diagnostics.push(fault);
            return None;
        }
        let partial = !lacking.is_empty() || trigger.start || trigger.timer;
        if partial && !protected {
            let fault = self.partial_datum(context, &name, span, &lacking);
            self.diagnostics.push(fault);
        }
        Some(Referent::Datum { name, sources, partial })
    }

    fn find_datum(&self, event: EventId, name: &str) -> Option<DatumId> {
        self.data_by_name.get(event, name)
    }

    fn environment_sends(&self, datum: DatumId) -> bool {
        let datum = &self.data[datum];
        let event = &self.events[datum.event];
        event.open && datum.fixed.is_none() && (!event.raised || event.peripheral)
    }

    /// The output of a service, declared if need be. Reading it makes it one the service must deliver.
    fn output(&mut self, service: ServiceId, name: &str, span: Span) -> OutputId {
        if let Some(output) = self.outputs_by_name.get(service, name) {
            self.outputs[output].optional = false;
            return output;
        }
        let declared = Name { text: name.to_owned(), span };
        let output = self.outputs.push(ServiceOutput { service, name: declared, optional: false });
        self.services[service].outputs.push(output);
        self.outputs_by_name.insert(service, name, output);
        output
    }

    fn unknown_datum(&mut self, context: &ExpressionContext, name: &str, span: Span) -> Diagnostic {
        let events = &context.trigger.events;
        let message = format!("no event that leads here carries `{name}`");
        let fault = Diagnostic::new(&expression_rules::UNKNOWN_DATUM, span, message);
        if events.is_empty() {
            let what = match (context.trigger.start, context.trigger.timer) {
                (false, true) => "no event leads here, only a timer",
                (true, _) => "no event leads here, only the start of the instance",
                (false, false) => "no event leads here",
            };
            return fault.label(what).maybe_help(self.without_dollar(context, name));
        }
        if !self.advises() {
            return fault;
        }
        let carried: Vec<&str> = events
            .iter()
            .flat_map(|event| &self.events[*event].data)
            .map(|datum| self.data[*datum].name.text.as_str())
            .filter(|name| csml_expr::is_datum_name(name))
            .gather();
        let near = suggest(name, carried.iter().copied());
        fault
            .label(format!("events that lead here: {}", self.list(events.iter().copied())))
            .did_you_mean(span, &format!("${name}"), near.map(|near| format!("${near}")).as_deref())
            .maybe_help(self.without_dollar(context, name).filter(|_| near.is_none()))
    }

    fn without_dollar(&self, context: &ExpressionContext, name: &str) -> Option<String> {
        let variable = self.scopes.find(context.scope, name);
        variable.map(|_| format!("a variable is written without `$`: `{name}`"))
    }

    fn partial_datum(
        &self,
        context: &ExpressionContext,
        name: &str,
        span: Span,
        lacking: &[EventId],
    ) -> Diagnostic {
        let mut others = Vec::new();
        if context.trigger.start {
            others.push("the start of the instance".to_owned());
        }
        if context.trigger.timer {
            others.push("a timer".to_owned());
        }
        if !lacking.is_empty() {
            others.push(self.list(lacking.iter().copied()));
        }
        let message = format!("not every event that leads here carries `{name}`");
        Diagnostic::new(&expression_rules::PARTIAL_DATUM, span, message)
            .label(format!("not carried by: {}", others.join(", ")))
            .note("if one of these triggers the step, reading it fails the step")
            .help(format!("`${name} ?? 0` takes another value, here 0, where it is missing"))
    }

    /// Names of events, the first few of many.
    fn list(&self, events: impl ExactSizeIterator<Item = EventId>) -> String {
        const MANY: usize = 5;
        let more = events.len().saturating_sub(MANY);
        let mut names: Vec<String> =
            events.take(MANY).map(|event| format!("`{}`", self.events[event].name.text)).gather();
        if more > 0 {
            names.push(format!("{more} more"));
        }
        names.join(", ")
    }
}
