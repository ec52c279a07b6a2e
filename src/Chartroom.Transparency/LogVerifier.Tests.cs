namespace Chartroom.Transparency;

public sealed class LogVerifierTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 2, 14, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("2012-01-05T08:00:00Z", 0)]   // older than the seven years: it may have expired
    [InlineData("2019-03-02T14:30:00Z", 0)]   // written by a transaction that went on for half an hour
    [InlineData("2019-03-02T15:30:00Z", 1)]
    [InlineData("2026-01-05T08:00:00Z", 1)]
    public async Task AUD_4_A_row_may_have_expired_only_when_its_id_was_made_before_the_oldest_that_is_kept(string made, int missing)
    {
        using var key = new NoteSigner("chartroom", NoteKeyKind.Log, new byte[32]);
        var trust = new LogTrust("chartroom/x", null, key.Verifier, null, Now.AddYears(-7));
        var id = Guid.CreateVersion7(DateTimeOffset.Parse(made, System.Globalization.CultureInfo.InvariantCulture));
        LogRecord[] records = [new ExpiredMonth(new(2012, 1, 1)), new LogLeaf(0, id, new(2012, 1, 5, 8, 0, 0, TimeSpan.Zero), new byte[32], null)];

        var verdict = await new LogVerifier(trust, null).VerifyAsync(records.ToAsyncEnumerable(), default);

        Assert.Equal(missing, verdict.Findings.Count(it => it.Kind == FindingKind.RowMissing && it.EventId == id));
        Assert.Equal(missing, verdict.Findings.Count);
    }

    [Theory]
    [InlineData(90, 0), InlineData(91, 1)]
    public async Task AUD_3_Rows_that_wait_longer_than_they_may_for_a_witnessed_head_are_told_whether_they_have_a_leaf_or_not(int seconds, int told)
    {
        using var key = new NoteSigner("chartroom", NoteKeyKind.Log, new byte[32]);
        var trust = new LogTrust("chartroom/x", null, key.Verifier, null, Now.AddYears(-7));
        var row = new LogEntry(Guid.CreateVersion7(), Now, null, null, null, "patient.opened", "patient", null, null, null, "done", "page", null, null, null, null, null, null);
        LogRecord[] withLeaf = [new LogLeaf(0, row.Id, row.At, row.Hash(), row), new LogEnd(Now.AddSeconds(seconds), 0, null, null)];
        LogRecord[] without = [new LogEnd(Now.AddSeconds(seconds), 1, row.Id, row.At)];

        foreach (var records in new[] { withLeaf, without })
        {
            var verdict = await new LogVerifier(trust, null).VerifyAsync(records.ToAsyncEnumerable(), default);
            Assert.Equal(told, verdict.Findings.Count);
            Assert.All(verdict.Findings, it => Assert.Equal((FindingKind.SealStalled, row.Id, Now), (it.Kind, it.EventId, it.EventAt)));
        }
    }
}
