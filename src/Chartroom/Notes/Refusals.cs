namespace Chartroom.Notes;

internal static class Refusals
{
    public static readonly Refusal NoSuchPatient = new("notes.no-such-patient", 404, "There is no such patient in this clinic.");
    public static readonly Refusal NoSuchPrivateNote = new("notes.no-such-private-note", 404, "You have no such private note.");
    public static readonly Refusal StalePrivateNote = new("notes.stale-private-note", 412, "You changed this note elsewhere meanwhile. Open it again and add what you wrote.");
    public static readonly Refusal InvalidPrivateNote = new("notes.invalid-private-note", 422, "A private note has 1 to 20,000 characters.");
    public static readonly Refusal NoSuchTemplate = new("notes.no-such-template", 404, "There is no such note template at this clinic.");
    public static readonly Refusal TemplateTaken = new("notes.template-taken", 409, "There is a template of that name. Choose another name, or change that one.");
    public static readonly Refusal InvalidTemplate = new("notes.invalid-template", 422, "This template lacks something.");
    public static readonly Refusal NoSuchSnippet = new("notes.no-such-snippet", 404, "There is no such snippet.");
    public static readonly Refusal SnippetTaken = new("notes.snippet-taken", 409, "There is a snippet of that word. Choose another word, or change that one.");
    public static readonly Refusal InvalidSnippet = new("notes.invalid-snippet", 422, "This snippet lacks something.");
}
