// SPDX-License-Identifier: Apache-2.0
import type ru from '../ru/imports';

const imports: typeof ru = {
  sub: 'lists from files of any program', none: 'No imports yet', noneText: 'A file from 1C, Excel or another system will do. A dry run first, then the import, which can be undone as a whole.',
  what: 'What is in the file', brand: 'Brand', line: 'Line', drop: 'Drop a file here', choose: 'Choose a file', sending: 'Sending the file',
  formats: 'CSV, XLSX, JSON, XML of 1C and portals, up to 100 MB. Form, encoding and separator are found out.',
  origin: 'Where the list comes from', own: 'Our own base or accounting system', eventHint: 'Purchased lists and those of exhibitions are registered under an event only, 500 rows a person (R36).',
  kind: { client: 'Clients', lead: 'Leads', vehicle: 'Cars', repair_order: 'Work orders', order_line: 'Lines of work orders', sale: 'Sales', order: 'Customers’ orders', odometer: 'Odometers', exchange: 'Exchange: all at once' },
  format: { csv: 'CSV', xlsx: 'Excel (XLSX)', 'json-lines': 'JSON lines', xml: 'XML', 'enterprise-data': '1C EnterpriseData', commerceml: '1C CommerceML 2', adf: 'ADF, leads of portals' },
  state: { UPLOADED: 'being read', PARSED: 'read', MAPPED: 'columns set', CHECKED: 'checked', RUNNING: 'importing', DONE: 'imported', UNDOING: 'being undone', UNDONE: 'undone', FAILED: 'failed' },
  separator: (s) => `separator ${s === '\t' ? 'tab' : `“${s}”`}`,
  encoding: (s) => `encoding ${s}`,
  found: 'How the file is written', rows: 'Rows', flaws: 'Unreadable', sheet: 'Sheet', sheetRead: 'Read the sheet', formatName: 'Form', encodingName: 'Encoding', separatorName: 'Separator', separators: { '\t': 'tab', ';': 'semicolon ( ; )', ',': 'comma ( , )', '|': 'bar ( | )' } as Record<string, string>,
  remembered: 'columns remembered from last time', named: 'columns known by the format',
  sameAs: 'This file has been imported already.', sameLink: 'The earlier import', sameText: 'Importing it again doubles nothing: rows known already stay as they are.',
  check: 'Dry run', checkAgain: 'Run dry again', run: 'Import', undo: 'Undo the import', undoSure: 'Undo the whole import? What it made goes, what it changed returns. What people did since stays.',
  done: 'The list is imported', failed: 'The job failed', working: 'Working', leave: 'You may close the page, the work goes on.',
  mapping: 'Columns of the file', column: 'Column', sample: 'Samples', becomes: 'Field', skip: 'do not import', saveMapping: 'Save the columns',
  missing: (what) => `Required fields are missing: ${what}`,
  verdicts: 'Outcome by row', lines: 'Lines of the list', trial: 'What an import would do', verdictHead: 'Outcome', lineNo: 'Row', content: 'Content', why: 'Why', receipt: 'Receipt',
  verdict: {
    created: 'Created', updated: 'Updated', FREE: 'Free', YOURS: 'Already yours', PROTECTED: 'Owned by another', IN_GRACE: 'Term ending', DISPUTED: 'Dispute', HQ: 'Head office', OPTED_OUT: 'Opted out', draft: 'Draft', cold: 'Cold list', stored: 'Document stored', error: 'Error', duplicate: 'Duplicate', undone: 'Undone',
  },
  field: {
    record: 'Kind of record', name: 'Full name or company', surname: 'Surname', given_name: 'Given name', patronymic: 'Patronymic', kind: 'PERSON or COMPANY', phone: 'Phone', email: 'E-mail', inn: 'INN', kpp: 'KPP', passport: 'Passport (a fingerprint is kept)', passport_series: 'Passport series', licence_series: 'Driving licence series', licence: 'Driving licence (a fingerprint is kept)', city: 'City', address: 'Address', born_on: 'Birth date', vin: 'VIN', plate: 'Plate', external_id: 'Client’s code in your system', consent_evidence: 'Evidence of consent', consent_channels: 'Channels of consent',
    interest: 'Interest', source: 'Source', occasion: 'Occasion', document_number: 'Document number', document_on: 'Document date', document_amount: 'Document amount', brand: 'Brand', model: 'Model', model_year: 'Model year', number: 'Number', on: 'Date', amount: 'Amount', mileage_km: 'Mileage', what: 'Work done', order_kind: 'Kind of repair', position: 'Line number', code: 'Part number', quantity: 'Quantity', price: 'Price', is_work: 'Labour (yes, no)', is_paid: 'Paid (yes, no)', is_cancelled: 'Cancelled (yes, no)', currency: 'Currency', brand_id: 'Brand', line: 'Line', event_id: 'Event',
  },
  told: {
    PROTECTED: 'another dealer has the right (R33): join the waiting list or pass the lead on', IN_GRACE: 'another dealer’s right runs out (R33): join the waiting list', DISPUTED: 'the right is disputed (R33): wait for the decision', HQ: 'head office works this client (R33): pass the lead on',
    OPTED_OUT: 'the client opted out (R24): only a fresh consent of his own lifts it', draft: 'without it a draft for 7 days (R30), complete it',
  } as Record<string, string>,
  area: { other: 'Another dealer’s territory; the client is yours all the same', nobody: 'Nobody’s territory' } as Record<string, string>,
  error: {
    ZC400: 'empty', ZC402: 'unreadable or not found', ZC054: 'impossible date', ZC017: 'too early after your own term expired (14 days)', ZC018: 'the seat has its limit of clients', ZC037: 'rows of the event are used up', ZC038: 'no event named', ZC039: 'the event is closed',
    file: 'the file cannot be read', empty: 'the file has no rows', header: 'the first row is broken', 'not-text': 'neither text nor a table', 'not-table': 'no table inside', 'other-sheet': 'another sheet was chosen',
    'zip-64': 'the archive is ZIP64: open the workbook in Excel or LibreOffice and save it as .xlsx again, or as CSV', 'zip-broken': 'the archive is damaged', 'zip-encrypted': 'the workbook has a password', 'zip-too-many': 'too many parts in the archive', 'zip-bomb': 'the archive unfolds too far', 'xlsx-texts': 'too much text in the workbook', 'xml-broken': 'the XML is damaged', 'xml-doctype': 'DOCTYPE is not accepted', 'xml-deep': 'nested too deep',
    'quote-open': 'a quote is not closed', 'quote-broken': 'text behind a quote', 'cell-too-long': 'a cell is too long', 'row-too-long': 'the row is too long', 'too-many-cells': 'too many columns', 'too-many-lines': 'too many lines in a document', 'bad-bytes': 'no letters of this encoding', 'zero-byte': 'a zero byte', 'json-broken': 'the line is no JSON object',
    'passed-over': 'a document by which you buy: its party is no client, the row is passed over',
    cancelled: 'cancelled before the file was read: upload it again', stopped: 'the reading broke off: upload the file again',
  },
};

export default imports;
