//! Opcodes of a pickle that name a global or make an instance of one. None is called.

use std::borrow::Cow;

use super::machine::Machine;
use crate::error::Result;
use crate::formats::object::{Global, Id, Object};

impl<'a> Machine<'a> {
    /// Opcodes that name a global or make an instance of one.
    pub(super) fn instance(&mut self, opcode: u8) -> Result<bool> {
        match opcode {
            b'c' => {
                let (module, symbol) = (self.cursor.line()?, self.cursor.line()?);
                self.global(&String::from_utf8_lossy(module), &String::from_utf8_lossy(symbol))
            }
            0x93 => {
                let (symbol, module) = (self.pop()?, self.pop()?);
                match (self.arena.get(module).clone(), self.arena.get(symbol).clone()) {
                    (Object::Text(module), Object::Text(symbol)) => self.global(&module, &symbol),
                    _ => Err(self.fail("a module and a name were expected on the stack")),
                }
            }
            0x81 | b'R' => {
                let (arguments, constructor) = (self.pop()?, self.pop()?);
                match (self.arena.get(constructor), self.arena.get(arguments)) {
                    (&Object::Global(constructor), Object::Tuple(_)) => self.construct(constructor, arguments),
                    (made, _) if self.strangers.is_some() => {
                        let name = if let Object::Foreign { name, .. } = made { name.clone() } else { "what another object gave".into() };
                        self.push(Object::Foreign { name, is_made: true })
                    }
                    _ => Err(self.fail("a class and its arguments were expected on the stack")),
                }
            }
            0x92 if self.strangers.is_some() => {
                let (_, arguments, constructor) = (self.pop()?, self.pop()?, self.pop()?);
                match self.arena.get(constructor).clone() {
                    Object::Global(constructor) => self.construct(constructor, arguments),
                    Object::Foreign { name, .. } => self.push(Object::Foreign { name, is_made: true }),
                    _ => Err(self.fail("a class was expected on the stack")),
                }
            }
            b'b' => {
                let state = self.pop()?;
                self.build(state)
            }
            _ => Ok(false),
        }
    }

    fn global(&mut self, module: &str, symbol: &str) -> Result<bool> {
        let place = self.opcode_at;
        match (Global::find(module, symbol), &mut self.strangers) {
            (Some(global), _) => self.push(Object::Global(global)),
            (None, Some(strangers)) => {
                let name = format!("{module:.80}.{symbol:.80}");
                if strangers.runs.is_none() && runs(module, symbol) {
                    strangers.runs = Some((place, name.clone()));
                }
                self.push(Object::Foreign { name, is_made: false })
            }
            (None, None) => {
                let short = |text: &str| text.chars().take(80).collect::<String>();
                Err(self
                    .fail(format_args!("it names {}.{}, which is not on the list of what a tree model holds", short(module), short(symbol)))
                    .hint("nothing in the file was executed; tree models of scikit-learn, XGBoost and LightGBM are read from pickles"))
            }
        }
    }

    fn construct(&mut self, constructor: Global, arguments: Id) -> Result<bool> {
        if constructor == Global::Encode {
            return self.encode(arguments);
        }
        if constructor == Global::Reconstructor {
            return self.reconstruct(arguments);
        }
        if constructor == Global::FunctionByName {
            return self.function_by_name(arguments);
        }
        self.push(Object::Instance { constructor, arguments, state: None })
    }

    /// `numpy.core._ufunc_reconstruct(module, name)`.
    fn function_by_name(&mut self, arguments: Id) -> Result<bool> {
        let Object::Tuple(parts) = self.arena.get(arguments) else { return Err(self.fail("arguments were expected")) };
        let texts: Vec<&Object> = parts.iter().map(|&id| self.arena.get(id)).collect();
        match texts.as_slice() {
            [Object::Text(module), Object::Text(name)] => {
                let (module, name) = (module.to_string(), name.to_string());
                self.global(&module, &name)
            }
            _ => Err(self.fail("the module and the name of a function were expected")),
        }
    }

    /// `copyreg._reconstructor(class, object, None)`, which is how protocols 0 and 1 make an instance.
    fn reconstruct(&mut self, arguments: Id) -> Result<bool> {
        let Object::Tuple(parts) = self.arena.get(arguments) else { return Err(self.fail("arguments were expected")) };
        let class = parts.first().map(|&id| self.arena.get(id));
        if let (Some(Object::Foreign { name, .. }), true) = (class, self.strangers.is_some()) {
            return self.push(Object::Foreign { name: name.clone(), is_made: true });
        }
        let &Object::Global(constructor) = class.ok_or_else(|| self.fail("a class was expected"))? else {
            return Err(self.fail("a class was expected"));
        };
        let arguments = self.new_object(Object::Tuple(Vec::new()))?;
        self.push(Object::Instance { constructor, arguments, state: None })
    }

    /// `_codecs.encode(text, "latin1")`, which is how protocol 2 writes bytes.
    fn encode(&mut self, arguments: Id) -> Result<bool> {
        let Object::Tuple(parts) = self.arena.get(arguments) else { return Err(self.fail("arguments were expected")) };
        let texts: Vec<&Object> = parts.iter().map(|&id| self.arena.get(id)).collect();
        let bytes = match texts.as_slice() {
            [Object::Text(text), Object::Text(code)] if code == "latin1" => {
                text.chars().map(|letter| u8::try_from(u32::from(letter)).ok()).collect::<Option<Vec<u8>>>()
            }
            _ => None,
        };
        match bytes {
            Some(bytes) => self.push(Object::Bytes(Cow::Owned(bytes))),
            None if self.is_outlined() => self.push(Object::Bytes(Cow::Borrowed(&[]))),
            None => Err(self.fail("a text of latin-1 letters was expected")),
        }
    }

    fn build(&mut self, new_state: Id) -> Result<bool> {
        let instance = self.top()?;
        let constructor = match self.arena.get_mut(instance) {
            // What else such a dictionary keeps beside its entries.
            Object::Instance {
                state: Some(_), constructor: Global::DefaultDictionary | Global::OrderedDictionary | Global::Bunch, ..
            } => return Ok(true),
            Object::Instance { state, constructor, .. } => {
                *state = Some(new_state);
                *constructor
            }
            Object::Foreign { .. } => return Ok(true),
            _ => return Err(self.fail("an object that takes a state was expected on the stack")),
        };
        if constructor == Global::JoblibArray {
            let array = self.joblib_array(new_state)?;
            *self.arena.get_mut(instance) = array;
        }
        Ok(true)
    }
}

/// Modules of Python whose functions run commands, load code or open what they are told.
const RUNNING: [&str; 18] = [
    "posix",
    "nt",
    "os",
    "subprocess",
    "sys",
    "shutil",
    "socket",
    "pty",
    "ctypes",
    "importlib",
    "runpy",
    "code",
    "codeop",
    "webbrowser",
    "pickle",
    "marshal",
    "pdb",
    "timeit",
];

/// Built-in functions that do.
const RUNNING_BUILT_IN: [&str; 8] = ["eval", "exec", "execfile", "compile", "open", "__import__", "input", "breakpoint"];

/// Whether Python, loading a file that names this, runs what the file tells it.
fn runs(module: &str, symbol: &str) -> bool {
    let first = module.split('.').next().unwrap_or_default();
    match first {
        "builtins" | "__builtin__" => RUNNING_BUILT_IN.contains(&symbol),
        // A logger keeps its stream.
        "sys" if matches!(symbol, "stdout" | "stderr" | "maxsize") => false,
        _ => RUNNING.contains(&first),
    }
}
