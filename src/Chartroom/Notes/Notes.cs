using Chartroom.Patients;
using Chartroom.Platform.Vault;

namespace Chartroom.Notes;

/// <summary>What clinicians write for themselves and with: private notes, templates, snippets.</summary>
internal static class NotesSetup
{
    public static IServiceCollection AddNotes(this IServiceCollection services) => services
        .AddSingleton(new SealedColumn("private_note_version", "content") { CellTable = "private_note", Row = "note_id", Place = "'content.' || version" })
        .AddSingleton<TemplateBook>().AddSingleton<SnippetBook>().AddSingleton<PrivateNotesHandler>().AddSingleton<WritePrivateNoteHandler>()
        .AddSingleton(new PatientPageSection("Your private notes", Permission.SignNotes, typeof(PrivateNotesPart)));

    public static void MapNotes(this IEndpointRouteBuilder routes)
    {
        PrivateNoteRoutes.Map(routes);
        TemplateRoutes.Map(routes);
        SnippetBook.Map(routes);
    }
}
