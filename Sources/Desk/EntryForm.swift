// Plain forms of an administrator's pages: labelled fields in rows, with what is wrong beside the field.
import Center
import Web

struct EntryForm {
    let formID: String
    let formTitle: String
    let formAction: String
    let formNote: String?
    let formButton: String
    let formProblem: String?
    /// Names of fields without which there is nothing to save, parted by spaces; the page's script holds the button
    /// back.
    let formNeeds: String?
    /// Whether the script holds the button back until something differs from what is stored.
    let savesChanges: Bool
    let formRows: [Row]

    struct Row {
        /// Empty: none.
        let rowLegend: String
        let hasLegend: Bool
        let rowFields: [Field]
    }

    struct Field {
        let fieldID: String
        let fieldName: String
        let fieldLabel: String
        let fieldValue: String
        let fieldHint: String
        let fieldProblem: String?
        let fieldChoices: [QueuePage.Choice]
        let isLine: Bool
        let isNumber: Bool
        let isLong: Bool
        let isTick: Bool
        let isTicked: Bool
        let isChoice: Bool
        /// Never has a value, also when it was typed and refused.
        let isSecret: Bool
        let isDate: Bool
        /// As wide as the form.
        let isWide: Bool
    }

    /// Makes the fields of one form: of what is stored, or of what was typed and refused.
    struct Maker {
        let formID: String
        private let refused: RefusedForm?

        init(_ formID: String, _ refused: RefusedForm?) {
            self.formID = formID
            self.refused = refused?.formID == formID ? refused : nil
        }

        var isRefused: Bool { refused != nil }
        /// What was typed and refused.
        var typed: Fields? { refused?.typed }

        func line(
            _ name: String, _ label: String, _ stored: String, hint: String = "", isWide: Bool = false
        ) -> Field {
            field(
                name, label, value: typed?[name] ?? stored, hint: hint, isLine: true, isWide: isWide)
        }

        func number(_ name: String, _ label: String, _ stored: Int64?, hint: String = "") -> Field {
            field(
                name, label, value: typed?[name] ?? stored.map { "\($0)" } ?? "", hint: hint, isLine: true,
                isNumber: true)
        }

        /// Several lines.
        func long(_ name: String, _ label: String, _ stored: String, hint: String = "") -> Field {
            field(name, label, value: typed?[name] ?? stored, hint: hint, isLong: true)
        }

        /// What is written and never read again.
        func secret(_ name: String, _ label: String, hint: String = "") -> Field {
            field(name, label, hint: hint, isSecret: true)
        }

        /// A day as `2026-12-31`.
        func date(_ name: String, _ label: String, _ stored: String) -> Field {
            field(name, label, value: typed?[name] ?? stored, isDate: true)
        }

        func tick(_ name: String, _ label: String, _ stored: Bool) -> Field {
            field(name, label, isTick: true, isTicked: typed.map { $0[name] != nil } ?? stored)
        }

        func choice(_ name: String, _ label: String, _ choices: [(String, String)], _ stored: String) -> Field
        {
            let chosen = typed?[name] ?? stored
            return field(
                name, label,
                choices: choices.map {
                    QueuePage.Choice(choiceValue: $0.0, choiceLabel: $0.1, isChosen: $0.0 == chosen)
                })
        }

        func form(
            _ title: String, _ action: String, note: String? = nil, button: String = "Save",
            needs: [String] = [], savesChanges: Bool = false, _ rows: [(legend: String, fields: [Field])]
        ) -> EntryForm {
            let shown = Set(rows.flatMap(\.fields).map(\.fieldName))
            // What belongs to no field on the page is said above them.
            let own = refused.flatMap { shown.contains($0.problem.field) ? nil : $0.problem.sentence }
            return EntryForm(
                formID: formID, formTitle: title, formAction: action, formNote: note, formButton: button,
                formProblem: own, formNeeds: needs.isEmpty ? nil : needs.joined(separator: " "),
                // What was refused differs from what is stored.
                savesChanges: savesChanges && !isRefused,
                formRows: rows.map {
                    Row(rowLegend: $0.legend, hasLegend: !$0.legend.isEmpty, rowFields: $0.fields)
                })
        }

        private func field(
            _ name: String, _ label: String, value: String = "", hint: String = "",
            choices: [QueuePage.Choice] = [], isLine: Bool = false, isNumber: Bool = false,
            isLong: Bool = false, isTick: Bool = false, isTicked: Bool = false, isSecret: Bool = false,
            isDate: Bool = false, isWide: Bool = false
        ) -> Field {
            Field(
                fieldID: "\(formID)-\(name)", fieldName: name, fieldLabel: label, fieldValue: value,
                fieldHint: hint,
                fieldProblem: refused?.problem.field == name ? refused?.problem.sentence : nil,
                fieldChoices: choices, isLine: isLine, isNumber: isNumber, isLong: isLong, isTick: isTick,
                isTicked: isTicked, isChoice: !choices.isEmpty, isSecret: isSecret, isDate: isDate,
                isWide: isWide || isLong)
        }
    }
}

extension RefusedForm {
    /// As pages that refuse a form answer.
    static let status = Refusal.invalid("").status
}
