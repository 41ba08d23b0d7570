//! One export in one worker: detect, preview, samples, chunks.

use std::cell::RefCell;

use rehome_formats::{
    Convert, Format, Index, Preview, Previewer, Redactor, Sampler, Source, Step, TAKE_PRIVATE,
    format_by_id,
};
use rehome_record::{Complete, IMPORT_INCOMPLETE, NewImport, Options};
use wasm_bindgen::prelude::*;
use web_sys::File;

use super::blob::ReadBytes;
use super::chunks::Chunks;
use super::files::Files;
use super::values;
use crate::dto::{ReadPhase, ReadProgress};
use crate::{WorkerProblem, js};

/// Entries between two looks at the clock.
const ENTRIES_A_LOOK: usize = 200;
/// Bytes between two looks at the clock, where no entries are read.
const BYTES_A_LOOK: usize = 256 * 1024;

/// One export, from the choice of its files to the last chunk.
#[wasm_bindgen]
pub struct Session {
    files: Files,
    read_bytes: ReadBytes,
    pass: RefCell<Pass>,
    /// When the pass at work was started, milliseconds.
    started_at: f64,
    format: Option<&'static dyn Format>,
    /// What was chosen about the reading.
    options: Options,
    preview: Option<Preview>,
    /// Taken by the stream, which is read once.
    index: RefCell<Option<Index>>,
    /// What the import is made with, once that is frozen.
    frozen: Options,
    chunks: Option<Chunks>,
}

/// What the session is doing.
enum Pass {
    None,
    Preview(Box<Previewer<'static>>),
    Samples(Box<Sampler<'static>>),
    Redaction(Box<Redactor<'static>>),
}

#[wasm_bindgen]
impl Session {
    /// Takes the files, which are one export; reads nothing yet.
    #[wasm_bindgen(constructor)]
    #[must_use]
    pub fn new(files: Vec<File>) -> Self {
        Self {
            files: Files::new(files),
            read_bytes: ReadBytes::default(),
            pass: RefCell::new(Pass::None),
            started_at: 0.0,
            format: None,
            options: Options::new(),
            preview: None,
            index: RefCell::new(None),
            frozen: Options::new(),
            chunks: None,
        }
    }

    /// What the files are.
    ///
    /// # Errors
    /// A `WorkerProblem`, where not even its start can be read.
    #[wasm_bindgen(unchecked_return_type = "Detection")]
    pub fn detect(&mut self) -> Result<JsValue, JsValue> {
        let source = self.open()?;
        self.format = source.detect_format();
        Ok(js::value(&source.detect()))
    }

    /// Starts to read everything. `format` is the id of the format that the
    /// admin says it is; without it, what was detected counts. `options` is an
    /// object of what was chosen about the reading; it goes with the import.
    ///
    /// # Errors
    /// A `WorkerProblem`, where the files are of no known format.
    #[wasm_bindgen(js_name = startPreview)]
    pub fn start_preview(
        &mut self,
        format: Option<String>,
        #[wasm_bindgen(unchecked_param_type = "Record<string, unknown>")] options: &JsValue,
    ) -> Result<(), JsValue> {
        let source = self.open()?;
        if let Some(id) = format {
            self.format = format_by_id(&id);
        }
        let Some(format) = self.format else {
            return Err(WorkerProblem::from(source.unknown()).into());
        };
        self.options = values::options(options);
        self.start(Pass::Preview(Box::new(Previewer::new(format, source, &self.options))));
        Ok(())
    }

    /// Starts to collect sample threads. To be called after [`Self::finish_preview`].
    ///
    /// # Errors
    /// A `WorkerProblem`, where the file cannot be read any more.
    #[wasm_bindgen(js_name = startSamples)]
    pub fn start_samples(&mut self) -> Result<(), JsValue> {
        let source = self.open()?;
        let sampler = match (self.format, &*self.index.borrow()) {
            (Some(format), Some(index)) => Sampler::new(format, source, index, &self.options),
            _ => return Err(out_of_order().into()),
        };
        self.start(Pass::Samples(Box::new(sampler)));
        Ok(())
    }

    /// Reads on for about so many milliseconds; true at the end of the pass.
    pub fn step(&mut self, budget_ms: f64) -> bool {
        let until = js_sys::Date::now() + budget_ms;
        loop {
            let step = match self.pass.get_mut() {
                Pass::None => Step::Ended,
                Pass::Preview(previewer) => previewer.step(ENTRIES_A_LOOK),
                Pass::Samples(sampler) => sampler.step(ENTRIES_A_LOOK),
                Pass::Redaction(redactor) => redactor.step(BYTES_A_LOOK),
            };
            if step == Step::Ended {
                return true;
            }
            if js_sys::Date::now() >= until {
                return false;
            }
        }
    }

    /// How far the pass at work is.
    #[wasm_bindgen(js_name = readProgress, unchecked_return_type = "ReadProgress")]
    #[must_use]
    pub fn read_progress(&self) -> JsValue {
        let (phase, (pages, comments)) = match &*self.pass.borrow() {
            Pass::Samples(sampler) => (ReadPhase::Samples, sampler.seen()),
            Pass::Preview(previewer) => (ReadPhase::Preview, previewer.seen()),
            Pass::Redaction(_) | Pass::None => (ReadPhase::Preview, (0, 0)),
        };
        let total_bytes = self.files.size_bytes();
        // The directory of a zip is read on top.
        let read_bytes = self.read_bytes.get().min(total_bytes);
        let seconds = (js_sys::Date::now() - self.started_at) / 1000.0;
        let seconds_left = (read_bytes > 0 && seconds > 0.3)
            .then(|| total_bytes.saturating_sub(read_bytes) as f64 * seconds / read_bytes as f64);
        js::value(&ReadProgress { phase, read_bytes, total_bytes, pages, comments, seconds_left })
    }

    /// The numbers, after [`Self::step`] said that the pass has ended.
    ///
    /// # Errors
    /// A `WorkerProblem`, where no preview was made.
    #[wasm_bindgen(js_name = finishPreview, unchecked_return_type = "Preview")]
    pub fn finish_preview(&mut self) -> Result<JsValue, JsValue> {
        let Pass::Preview(previewer) = self.pass.replace(Pass::None) else {
            return Err(out_of_order().into());
        };
        let (preview, index) = previewer.finish();
        let value = js::value(&preview);
        self.preview = Some(preview);
        self.index.replace(Some(index));
        Ok(value)
    }

    /// The samples, after [`Self::step`] said that the pass has ended.
    ///
    /// # Errors
    /// A `WorkerProblem`, where no samples were collected.
    #[wasm_bindgen(js_name = finishSamples, unchecked_return_type = "Samples")]
    pub fn finish_samples(&mut self) -> Result<JsValue, JsValue> {
        let Pass::Samples(sampler) = self.pass.replace(Pass::None) else {
            return Err(out_of_order().into());
        };
        Ok(js::value(&sampler.finish()))
    }

    /// Starts to make a sample of one file without what people wrote in it.
    /// `format` is the id of its format, where that is known; `places` are
    /// `[file name, byte]` each, and are shown beside the start. To be run with
    /// [`Self::step`]; nothing else needs to have been read before.
    ///
    /// # Errors
    /// A `WorkerProblem`, where the files cannot be read any more.
    #[wasm_bindgen(js_name = startRedaction)]
    pub fn start_redaction(
        &mut self,
        format: Option<String>,
        #[wasm_bindgen(unchecked_param_type = "[file: string, byte: number][]")] places: &JsValue,
    ) -> Result<(), JsValue> {
        let source = self.open()?;
        let format = format.and_then(|id| format_by_id(&id));
        let redactor = Redactor::new(source, format, &values::places(places));
        self.start(Pass::Redaction(Box::new(redactor)));
        Ok(())
    }

    /// The sample, after [`Self::step`] said that the pass has ended.
    ///
    /// # Errors
    /// A `WorkerProblem`, where none was made.
    #[wasm_bindgen(
        js_name = finishRedaction,
        unchecked_return_type = "{ name: string; text: Uint8Array<ArrayBuffer> }"
    )]
    pub fn finish_redaction(&mut self) -> Result<JsValue, JsValue> {
        let Pass::Redaction(redactor) = self.pass.replace(Pass::None) else {
            return Err(out_of_order().into());
        };
        Ok(values::redacted(&redactor.finish()))
    }

    /// Tells the same files when they are chosen again: the server keeps it with an import.
    ///
    /// # Errors
    /// A `WorkerProblem`, where the file cannot be read any more.
    pub fn fingerprint(&self) -> Result<String, JsValue> {
        Ok(self.files.fingerprint().map_err(WorkerProblem::from)?)
    }

    /// What the import is made with: the server freezes it, and so does the stream.
    ///
    /// A file that stops before its end is sent only where `incomplete` is
    /// true: then what could be read of it goes, and the import stays marked.
    /// What was never public is sent only where `private` is true.
    ///
    /// # Errors
    /// A `WorkerProblem`; its code is `incomplete` for a broken file that nobody
    /// chose to take as it is.
    #[wasm_bindgen(unchecked_return_type = "NewImport")]
    pub fn freeze(&mut self, incomplete: bool, private: bool) -> Result<JsValue, JsValue> {
        let (Some(format), Some(preview)) = (self.format, &self.preview) else {
            return Err(out_of_order().into());
        };
        if is_broken(preview) && !incomplete {
            let message = "The file cannot be read to its end, so it is not sent.";
            return Err(WorkerProblem::new("incomplete", message).into());
        }
        let mut options = self.options.clone();
        for (name, chosen) in [(IMPORT_INCOMPLETE, incomplete), (TAKE_PRIVATE, private)] {
            if chosen {
                options.insert(name.to_owned(), true.into());
            }
        }
        let new = self.new_import(format, preview, options)?;
        self.frozen.clone_from(&new.options);
        Ok(js::value(&new))
    }

    /// The next chunk of what [`Self::freeze`] froze; undefined after the last.
    /// Once it was called, nothing but the stream can be read any more.
    ///
    /// # Errors
    /// A `WorkerProblem`, where the file cannot be read on, or not to its end.
    #[wasm_bindgen(js_name = nextChunk, unchecked_return_type = "PlainChunk | undefined")]
    pub fn next_chunk(&mut self) -> Result<JsValue, JsValue> {
        if self.chunks.is_none() {
            let source = self.open()?;
            let (Some(format), Some(index)) = (self.format, self.index.take()) else {
                return Err(out_of_order().into());
            };
            let options = std::mem::take(&mut self.frozen);
            self.chunks = Some(Chunks::new(Convert::new(format, source, index, options)));
        }
        let chunks = self.chunks.as_mut().ok_or_else(out_of_order)?;
        let next = chunks.next().map_err(WorkerProblem::from)?;
        Ok(next.map_or(JsValue::UNDEFINED, |chunk| values::chunk(&chunk)))
    }

    /// What the preview found wrong with the files, for the import's report.
    ///
    /// # Errors
    /// A `WorkerProblem`, where no preview was made.
    #[wasm_bindgen(unchecked_return_type = "ReaderIssue[]")]
    pub fn issues(&self) -> Result<JsValue, JsValue> {
        let preview = self.preview.as_ref().ok_or_else(out_of_order)?;
        Ok(js::value(&preview.issues))
    }

    /// Record lines in the chunks given so far; all of them after the last chunk.
    ///
    /// # Errors
    /// A `WorkerProblem`, where no chunk was asked for.
    #[wasm_bindgen(unchecked_return_type = "Counts")]
    pub fn counts(&self) -> Result<JsValue, JsValue> {
        let chunks = self.chunks.as_ref().ok_or_else(out_of_order)?;
        Ok(js::value(&chunks.counts()))
    }
}

impl Session {
    fn open(&self) -> Result<Source<'static>, WorkerProblem> {
        self.files.open(&self.read_bytes)
    }

    fn start(&mut self, pass: Pass) {
        self.started_at = js_sys::Date::now();
        self.pass.replace(pass);
    }

    /// What the server freezes.
    fn new_import(
        &self,
        format: &dyn Format,
        preview: &Preview,
        options: Options,
    ) -> Result<NewImport, WorkerProblem> {
        let index = self.index.borrow();
        let Some(index) = &*index else { return Err(out_of_order()) };
        let header = index.header(format, options.clone());
        Ok(NewImport {
            format: header.format,
            origin: header.origin,
            reader: header.reader,
            seen: preview.summary.sent(&options),
            options,
            file: self.files.as_source_file()?,
            resume: None,
            replace: None,
        })
    }
}

/// Reading stopped before the end of the file.
fn is_broken(preview: &Preview) -> bool {
    preview.error.is_some() || preview.summary.complete == Complete::No
}

/// The worker's script called in the wrong order: a bug of ours.
fn out_of_order() -> WorkerProblem {
    WorkerProblem::new("out_of_order", "The file is not ready for this yet. Choose it again.")
}
