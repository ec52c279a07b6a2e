using Chartroom.Assist;
using Chartroom.Platform.Tenancy;

namespace Chartroom.Scribe.Hearing;

/// <summary>
/// One recording turned into words in the background: taken up, opened, measured, heard, written. As with drafting nothing is held between these, and it is read and written as whoever recorded it.
/// While it is under way its row is held every few minutes; a row that was taken back (consent withdrawn, destroyed) ends the work.
/// </summary>
internal sealed class TranscribingJob(TranscribingShelf shelf, Decoder decoder, LocalRecogniser local, Transcriber transcriber, RecordingSettings settings)
{
    internal const int MostAttempts = 4;
    private const int MostInterruptions = MostAttempts + 3;
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(2);

    /// <summary>When it wants to be run again, or null when it has ended or is somebody else's.</summary>
    public async Task<DateTimeOffset?> RunAsync(ClinicId clinic, RecordingId id, CancellationToken ct)
    {
        if (await shelf.TakeAsync(clinic, id, transcriber.Longest, ct) is not { } taken) return null;
        if (Hopeless(taken) is { } trouble) return await shelf.FailAsync(taken, trouble, ct);
        using var work = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var holding = shelf.HoldAsync(taken, work);
        try
        {
            return await HearAsync(taken, work.Token);
        }
        catch (ChartShutException)
        {
            return await shelf.FailAsync(taken, RecordingTrouble.NotTheirs, ct);
        }
        catch (AudioException error)
        {
            return await shelf.FailAsync(taken, error.Code, ct);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return null;   // it was taken back
        }
        finally
        {
            await work.CancelAsync();
            await holding;
        }
    }

    private static string? Hopeless(TakenRecording taken) =>
        !taken.IsProvider ? RecordingTrouble.NotTheirs
        : taken.Attempts > MostInterruptions ? RecordingTrouble.Interrupted
        : taken.Choice is null && !taken.IsLocalOn ? RecordingTrouble.NothingHere
        : null;

    private async Task<DateTimeOffset?> HearAsync(TakenRecording taken, CancellationToken ct)
    {
        if (await shelf.OpenAsync(taken, ct) is not { } parts) return null;
        var meter = new LevelMeter();
        await decoder.SamplesAsync(parts, settings.MostMinutes * 60, (bytes, _) =>
        {
            meter.Add(bytes.Span);
            return ValueTask.CompletedTask;
        }, ct);
        var heard = new HeardRecording(taken, meter.Seconds);
        if (!meter.MayHoldSpeech) return await shelf.SilentAsync(heard, ct);
        if (taken.Choice is { } choice) return await AskAsync(heard, choice, parts, ct);
        return await WriteAsync(heard, await local.HearAsync(parts, meter.Seconds, ct), ct);
    }

    private async Task<DateTimeOffset?> AskAsync(HeardRecording heard, AssistChoice choice, IReadOnlyList<AudioPart> parts, CancellationToken ct)
    {
        var ask = new AudioAsk(heard.Of.Id.Value, await decoder.OpusAsync(parts, heard.Seconds, ct), heard.Seconds);
        await shelf.SendAsync(heard.Of, ct);
        var answer = await transcriber.AskAsync(choice, ask, ct);
        await shelf.KeepCallAsync(heard.Of, choice, ask, answer, ct);
        if (answer.Failure is not { } failure) return await WriteAsync(heard, answer.Lines, ct);
        var wait = DraftingJob.Wait(heard.Of.Attempts, answer.RetryAfter);
        return AssistTrouble.MayPass(failure) && heard.Of.Attempts < MostAttempts && wait <= LongestWait ? await shelf.AgainAsync(heard.Of, failure, wait, ct) : await shelf.FailAsync(heard.Of, failure, ct);
    }

    private async Task<DateTimeOffset?> WriteAsync(HeardRecording heard, IReadOnlyList<HeardLine> lines, CancellationToken ct) =>
        HeardWords.Transcript(lines) is { } transcript ? await shelf.WriteAsync(heard, transcript, ct) : await shelf.SilentAsync(heard, ct);
}
