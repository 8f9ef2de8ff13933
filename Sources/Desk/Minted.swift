// What was minted by the form that led to the page: shown this once, with a button that copies it.

struct Minted {
    struct Secret {
        let mintedID: String
        let mintedLabel: String
        let mintedText: String
    }

    let mintedTitle: String
    let mintedNote: String
    let mintedSecrets: [Secret]

    init(_ title: String, _ note: String, _ secrets: KeyValuePairs<String, String>) {
        mintedTitle = title
        mintedNote = note
        mintedSecrets = secrets.enumerated().map { index, secret in
            Secret(mintedID: "minted-\(index)", mintedLabel: secret.key, mintedText: secret.value)
        }
    }
}
