using System.Diagnostics;
using System.Globalization;
using Chartroom.Platform.Tenancy;

namespace Chartroom.Patients;

/// <summary>
/// <c>bench search</c>: fills a clinic of its own with synthetic patients and times the search box, from the handler's first statement to the last name
/// opened and the event committed. The goal is 50 ms at 100,000 patients.
/// </summary>
internal sealed class PatientSearchBench(TenantDb db, SearchPatientsHandler search, TextWriter output)
{
    private const int PerTransaction = 1000, Rounds = 40;

    /// <summary>Fills the clinic up to <paramref name="patients"/> and measures every kind of phrase.</summary>
    /// <param name="actor">The program itself at a scratch clinic.</param>
    /// <param name="patients">How many it shall have.</param>
    /// <param name="ct">Cancels.</param>
    public async Task RunAsync(Actor actor, int patients, CancellationToken ct)
    {
        var clock = Stopwatch.StartNew();
        var there = await CountAsync(actor, ct);   // of an earlier run
        for (var from = there; from < patients; from += PerTransaction) await FillAsync(actor, from, Math.Min(PerTransaction, patients - from), ct);
        await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{patients} patients, {Math.Max(0, patients - there)} of them entered in {clock.Elapsed.TotalSeconds:0.0} s"));
        await output.WriteLineAsync("phrase                    hits     p50 ms   p99 ms   max ms");
        var all = new List<double>();
        foreach (var (kind, phrases) in Phrases(patients)) all.AddRange(await MeasureAsync(actor, kind, phrases, ct));
        await ReportAsync("all", all, null);
    }

    private async Task FillAsync(Actor actor, int from, int count, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.EditPatients, ct);
        for (var i = from; i < from + count; i++)
        {
            var entered = await PatientRegister.CreateAsync(tx, SyntheticPeople.Number(i), "patient.created", ct);
            if (!entered.IsOk) throw new InvalidOperationException(entered.Refusal.Code);
        }
        await tx.CommitAsync(ct);
    }

    private async Task<int> CountAsync(Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.SeePatients, ct);
        var count = await tx.QueryOneOrNoneAsync<int>("select count(*)::int from patient", null, ct);
        tx.Audit(new("patient.counted", "patient"));
        await tx.CommitAsync(ct);
        return count;
    }

    private static IEnumerable<(string Kind, string[] Phrases)> Phrases(int patients)
    {
        var people = Enumerable.Range(0, 50).Select(i => SyntheticPeople.Number((int)((long)i * 7919 * 13 % patients))).ToList();
        yield return ("family name", [.. people.Select(it => it.Names[0].Family!)]);
        yield return ("two letters", [.. people.Select(it => it.Names[0].Family![..2])]);
        yield return ("family and two letters", [.. people.Select(it => $"{it.Names[0].Family} {it.Names[0].Given[0][..2]}")]);
        yield return ("two letters twice", [.. people.Select(it => $"{it.Names[0].Given[0][..2]} {it.Names[0].Family![..2]}")]);
        yield return ("birth date", [.. people.Select(it => it.BirthDate!.Day!.Value.ToString("M/d/yy", CultureInfo.InvariantCulture))]);
        yield return ("family and birth date", [.. people.Select(it => $"{it.Names[0].Family} {it.BirthDate!.Text}")]);
        yield return ("last four digits", [.. people.Select(it => it.Telecoms[0].Value[^4..])]);
        yield return ("whole telephone", [.. people.Select(it => it.Telecoms[0].Value)]);
        yield return ("record number", [.. Enumerable.Range(0, 50).Select(i => (100001 + (i * 37 % patients)).ToString(CultureInfo.InvariantCulture))]);
        yield return ("nobody", ["qqqq zz", "1/1/1801", "nobody here"]);
    }

    private async Task<List<double>> MeasureAsync(Actor actor, string kind, string[] phrases, CancellationToken ct)
    {
        var times = new List<double>();
        var hits = 0;
        foreach (var phrase in phrases) await search.HandleAsync(new(phrase), actor, ct);   // once to warm up
        for (var round = 0; round < Math.Max(1, Rounds / 10); round++)
        {
            foreach (var phrase in phrases)
            {
                var start = Stopwatch.GetTimestamp();
                var found = await search.HandleAsync(new(phrase), actor, ct);
                times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
                hits += found.Value.Patients.Count;
            }
        }
        await ReportAsync(kind, times, (double)hits / times.Count);
        return times;
    }

    private Task ReportAsync(string kind, List<double> times, double? hits)
    {
        times.Sort();
        double At(double share) => times[Math.Max(0, (int)Math.Ceiling(times.Count * share) - 1)];
        return output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{kind,-24} {hits,6:0.0} {At(0.5),10:0.0} {At(0.99),8:0.0} {times[^1],8:0.0}"));
    }
}

/// <summary>People who do not exist, the same ones every time; names by the frequency of a long-tailed list, births over ninety years.</summary>
internal static class SyntheticPeople
{
    private static readonly string[] Families =
    [
        "Smith", "Johnson", "Williams", "Brown", "Jones", "Garcia", "Miller", "Davis", "Rodriguez", "Martinez", "Hernandez", "Lopez", "Gonzalez", "Wilson",
        "Anderson", "Thomas", "Taylor", "Moore", "Jackson", "Martin", "Lee", "Perez", "Thompson", "White", "Harris", "Sanchez", "Clark", "Ramirez", "Lewis",
        "Robinson", "Walker", "Young", "Allen", "King", "Wright", "Scott", "Torres", "Nguyen", "Hill", "Flores", "Green", "Adams", "Nelson", "Baker", "Hall",
    ];

    private static readonly string[] Givens =
    [
        "James", "Mary", "John", "Patricia", "Robert", "Jennifer", "Michael", "Linda", "David", "Elizabeth", "William", "Barbara", "Richard", "Susan", "Joseph",
        "Jessica", "Thomas", "Karen", "Christopher", "Sarah", "Charles", "Lisa", "Daniel", "Nancy", "Matthew", "Sandra", "Anthony", "Betty", "Mark", "Ashley",
    ];

    private static readonly string[] Syllables = ["ba", "cor", "dal", "fen", "gar", "hol", "kin", "lan", "mor", "nel", "por", "ras", "sel", "tor", "ven", "wil"];

    /// <summary>Person number <paramref name="i"/>.</summary>
    public static Demographics Number(int i)
    {
        var dice = new Random(i);   // a fixed seed: the same person every time; nothing secret hangs on it
        var family = dice.Next(100) < 40 ? Common(Families, dice) : MadeUp(dice);
        var given = dice.Next(100) < 80 ? Common(Givens, dice) : MadeUp(dice);
        return new()
        {
            Names = [new() { Use = NameUse.Official, Given = [given, Common(Givens, dice)], Family = family }],
            BirthDate = PartialTime.Of(new DateOnly(1932, 1, 1).AddDays(dice.Next(90 * 365))),
            Sex = dice.Next(2) == 0 ? Sex.Female : Sex.Male,
            Telecoms = [new() { System = ContactSystem.Phone, Use = ContactUse.Mobile, Value = string.Create(CultureInfo.InvariantCulture, $"+1303{dice.Next(2000000, 9999999):0000000}") }],
            Addresses = [new() { Use = AddressUse.Home, Lines = ["1 Sample Street"], City = "Sampleton", State = "CO", PostalCode = "80000" }],
        };
    }

    /// <summary>The first of the list are far more frequent than the last.</summary>
    private static string Common(string[] names, Random dice) => names[(int)(names.Length * Math.Pow(dice.NextDouble(), 2))];

    private static string MadeUp(Random dice)
    {
        var name = string.Concat(Enumerable.Range(0, dice.Next(2, 4)).Select(_ => Syllables[dice.Next(Syllables.Length)]));
        return char.ToUpperInvariant(name[0]) + name[1..];
    }
}
