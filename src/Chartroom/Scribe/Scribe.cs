using Chartroom.Platform;
using Chartroom.Platform.Vault;
using Chartroom.Scheduling;
using Chartroom.Scribe.Hearing;
using Chartroom.Scribe.Orders;

namespace Chartroom.Scribe;

/// <summary>From what was said at a visit to a signed note: what the scribe adds to the program and which routes it has.</summary>
public static class ScribeSetup
{
    /// <summary>Registers the handlers.</summary>
    public static IServiceCollection AddScribe(this IServiceCollection services, IConfiguration configuration) => services
        .AddSingleton(PlatformSetup.Read<RecordingSettings>(configuration, "Recordings"))
        .AddSingleton(new SealedColumn("recording_consent", "content")).AddSingleton(new SealedColumn("recording_key", "wrapped") { Row = "recording_id" })
        .AddSingleton<RecordingBook>().AddSingleton<ReadRecordingHandler>().AddSingleton<ConsentHandler>().AddSingleton<UploadRecordingHandler>().AddSingleton<RecordingKeeper>().AddSingleton<RecordingWorker>()
        .AddSingleton<RecordingBell>().AddSingleton<RecordingRulesBook>().AddSingleton<OpenRecorderHandler>().AddSingleton<AudioTools>().AddSingleton<Decoder>().AddSingleton<LocalRecogniser>()
        .AddSingleton<TranscribingShelf>().AddSingleton<TranscribingJob>().AddSingleton<TranscribingWorker>()
        .AddSingleton(new SealedColumn("transcript", "content")).AddSingleton(new SealedColumn("draft", "content"))
        .AddSingleton(new SealedColumn("decision", "content") { OfPatient = "draft_id in (select draft.id from draft where draft.patient_id = @patient)" })
        .AddSingleton<DraftingBell>().AddSingleton<DraftingJob>().AddSingleton<DraftingWorker>().AddSingleton<ReadDraftingHandler>()
        .AddSingleton(new SealedColumn("seed", "content") { OfPatient = "draft_id in (select draft.id from draft where draft.patient_id = @patient)" })
        .AddSingleton(new SealedColumn("written_note", "content")).AddSingleton<WriteNoteHandler>()
        .AddSingleton(new SealedColumn("cosign", "content")).AddSingleton<CosignHandler>().AddSingleton<SupervisionBook>()
        .AddSingleton<NotesToSignHandler>().AddSingleton<OpenRecordings>().AddSingleton<DraftRecordHandler>().AddSingleton<Seeding.SeedingRules>().AddSingleton<AddTranscriptHandler>().AddSingleton<DraftAgainHandler>().AddSingleton<NameSpeakersHandler>().AddSingleton<ReadReviewHandler>().AddSingleton<DecideHandler>().AddSingleton<AcceptSupportedHandler>()
        .AddSingleton<SignNoteHandler>().AddSingleton<DraftSummaryHandler>().AddSingleton<PlaceOrdersHandler>().AddSingleton<DiscardDraftHandler>().AddSingleton<RestoreDraftHandler>().AddSingleton<AmendNoteHandler>().AddSingleton<ReadNoteHandler>()
        .AddSingleton<VisitNoteHandler>().AddSingleton(new VisitPageSection("Visit note", Permission.SeeCharts, typeof(VisitNotePart)));

    /// <summary>Work in the background, for the verb <c>serve</c>.</summary>
    public static IServiceCollection AddScribeWorkers(this IServiceCollection services) => services
        .AddHostedService(provider => provider.GetRequiredService<DraftingWorker>()).AddHostedService(provider => provider.GetRequiredService<RecordingWorker>())
        .AddHostedService(provider => provider.GetRequiredService<TranscribingWorker>());

    /// <summary>Pages and API.</summary>
    public static void MapScribe(this IEndpointRouteBuilder routes)
    {
        ScribeApi.Map(routes);
        ScribePages.Map(routes);
        WriteRoutes.Map(routes);
        CosignHandler.Map(routes);
        SupervisionBook.Map(routes);
        RecordingRoutes.Map(routes);
        RecordingRulesBook.Map(routes);
        OpenRecorderHandler.Map(routes);
        DraftRecordRoutes.Map(routes);
        NotesToSignHandler.Map(routes);
        OpenRecordings.Map(routes);
        DraftSummaryHandler.Map(routes);
        NameSpeakersHandler.Map(routes);
    }
}
