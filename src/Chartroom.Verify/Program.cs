using System.CommandLine;
using Chartroom.Transparency;

var file = new Argument<FileInfo>("log") { Description = "What `chartroom audit export` wrote." };
var key = new Option<string>("--key") { Description = "Public key of the log: name+id+base64, or a file that holds it.", Required = true };
var witness = new Option<FileInfo>("--witness") { Description = "The witness's file of this log. Without it a history that was written anew and signed again cannot be told." };
var witnessKey = new Option<string>("--witness-key") { Description = "Public key of the witness, or a file that holds it." };
var years = new Option<int>("--years") { Description = "Years that rows must be kept.", DefaultValueFactory = _ => 7 };
var all = new Option<bool>("--all") { Description = "Show every finding." };
var root = new RootCommand("Verifies an exported audit log of Chartroom. Ends with 0 when it is intact, 1 when anything is wrong, 2 when it cannot be read.")
{
    file, key, witness, witnessKey, years, all,
};
root.SetAction(async (parsed, ct) =>
{
    try
    {
        using var reader = parsed.GetValue(file)!.OpenText();   // required
        var records = LogRecord.ReadAsync(reader, ct);
        await using var lines = records.GetAsyncEnumerator(ct);
        if (!await lines.MoveNextAsync() || lines.Current is not LogHead head) throw new FormatException("The file does not begin with the line that tells whose log it is.");
        var trust = new LogTrust(head.Origin, head.Clinic, KeyOf(parsed.GetValue(key)!), parsed.GetValue(witnessKey) is { } its ? KeyOf(its) : null,
            TimeProvider.System.GetUtcNow().AddYears(-parsed.GetValue(years)));
        var verifier = new LogVerifier(trust, parsed.GetValue(witness) is { } seen ? WitnessFile.ReadAsync(seen.FullName, ct) : null);
        var verdict = await verifier.VerifyAsync(Rest(lines), ct);
        foreach (var line in Report.Lines(verdict, parsed.GetValue(all))) Console.WriteLine(line);
        return verdict.Findings.Count == 0 ? 0 : 1;
    }
    catch (Exception error) when (error is IOException or FormatException or UnauthorizedAccessException)
    {
        await Console.Error.WriteLineAsync(error.Message);
        return 2;
    }
});
return await root.Parse(args).InvokeAsync();

static NoteVerifier KeyOf(string textOrPath) => NoteVerifier.Parse(File.Exists(textOrPath) ? File.ReadAllText(textOrPath) : textOrPath);

static async IAsyncEnumerable<LogRecord> Rest(IAsyncEnumerator<LogRecord> lines)
{
    while (await lines.MoveNextAsync()) yield return lines.Current;
}
