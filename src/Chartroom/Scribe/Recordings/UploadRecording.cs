namespace Chartroom.Scribe;

/// <summary>Takes a recording as one file, straight from the network: it is sealed piece by piece, lies nowhere in the clear, and what breaks off or is too large leaves nothing.</summary>
internal sealed class UploadRecordingHandler(RecordingBook book, RecordingSettings settings)
{
    /// <summary>Sealed and committed at once.</summary>
    internal const int PieceBytes = 1024 * 1024;

    /// <summary>Refuses <c>scribe.not-audio</c>, <c>scribe.recording-empty</c>, <c>scribe.recording-too-large</c> and what <see cref="RecordingBook.BeginAsync"/> refuses.</summary>
    /// <param name="length">As the sender says, or null.</param>
    public async Task<Outcome<RecordingId>> HandleAsync(AppointmentId visit, Stream body, long? length, Actor actor, CancellationToken ct)
    {
        if (length > settings.MostBytes) return Refusals.RecordingTooLarge;
        var piece = new byte[PieceBytes];
        var filled = await body.ReadAtLeastAsync(piece, piece.Length, throwOnEndOfStream: false, ct);
        if (filled == 0) return Refusals.RecordingEmpty;
        if (AudioFormats.Of(piece.AsSpan(0, filled)) is null) return Refusals.NotAudio;
        var begun = await book.BeginAsync(visit, RecordingSource.Uploaded, actor, ct);
        if (!begun.IsOk) return begun;
        var isWhole = false;
        try
        {
            for (var number = 0; filled > 0; number++)
            {
                var added = await book.AddAsync(begun.Value, new(1, number, piece.AsMemory(0, filled)), actor, ct);
                if (!added.IsOk) return added.Refusal;
                filled = filled < piece.Length ? 0 : await body.ReadAtLeastAsync(piece, piece.Length, throwOnEndOfStream: false, ct);
            }
            var ended = await book.EndAsync(begun.Value, actor, ct);
            isWhole = ended.IsOk;
            return ended.IsOk ? begun.Value : ended.Refusal;
        }
        finally
        {
            if (!isWhole) await book.DiscardAsync(begun.Value, actor, CancellationToken.None);
        }
    }
}
