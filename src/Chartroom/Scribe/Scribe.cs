using Chartroom.Platform.Vault;
using Chartroom.Scheduling;

namespace Chartroom.Scribe;

/// <summary>From what was said at a visit to a signed note: what the scribe adds to the program and which routes it has.</summary>
public static class ScribeSetup
{
    /// <summary>Registers the handlers.</summary>
    public static IServiceCollection AddScribe(this IServiceCollection services) => services
        .AddSingleton(new SealedColumn("transcript", "content")).AddSingleton(new SealedColumn("draft", "content"))
        .AddSingleton(new SealedColumn("decision", "content") { OfPatient = "draft_id in (select draft.id from draft where draft.patient_id = @patient)" })
        .AddSingleton<AddTranscriptHandler>().AddSingleton<DraftAgainHandler>().AddSingleton<ReadReviewHandler>().AddSingleton<DecideHandler>().AddSingleton<AcceptSupportedHandler>()
        .AddSingleton<SignNoteHandler>().AddSingleton<DiscardDraftHandler>().AddSingleton<AmendNoteHandler>().AddSingleton<ReadNoteHandler>()
        .AddSingleton<VisitNoteHandler>().AddSingleton(new VisitPageSection("Visit note", Permission.SeeCharts, typeof(VisitNotePart)));

    /// <summary>Pages and API.</summary>
    public static void MapScribe(this IEndpointRouteBuilder routes)
    {
        ScribeApi.Map(routes);
        ScribePages.Map(routes);
    }
}
