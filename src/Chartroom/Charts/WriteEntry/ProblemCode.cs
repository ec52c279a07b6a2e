using Chartroom.Codes;
using Chartroom.Platform.Tenancy;

namespace Chartroom.Charts;

/// <summary>What the form of a problem needs to find its code.</summary>
/// <param name="Edition">Of ICD-10-CM; null when none is loaded, and then problems are written in words.</param>
public sealed record CodeChoices(string? Edition, IReadOnlyList<DiagnosisCode> Favourites);

/// <summary>ICD-10-CM codes of problems. A code that the loaded edition does not have is refused (<c>charts.no-such-code</c>); without an edition every code is taken as written.</summary>
internal sealed class ProblemCode(TenantDb db, PlatformDb platform)
{
    /// <summary>What the form offers before anything is typed.</summary>
    public async Task<CodeChoices> ChoicesAsync(Actor actor, CancellationToken ct)
    {
        if (await DiagnosisCodes.EditionAsync(platform, actor.Origin, ct) is not { } edition) return new(null, []);
        await using var tx = await db.BeginAsync(actor, Permission.EditCharts, ct);
        tx.Audit(new("code_favourite.listed", "code_favourite", actor.Person.Value));
        var favourites = await DiagnosisCodes.FavouritesAsync(tx, actor.Person, ct);
        await tx.CommitAsync(ct);
        return new(edition, favourites);
    }

    /// <summary>The form with the title of the code that was chosen, if the edition has it. Whether it may lack one, the form says: the code that the problem has stays.</summary>
    public async Task<TForm> TitledAsync<TForm>(TForm form, Origin origin, CancellationToken ct) where TForm : EntryForm
    {
        if (form is not EntryForm.Problem { Code: { } code }) return form;
        var found = await FindAsync(code, origin, ct);
        return found.IsOk ? (TForm)(form with { Diagnosis = found.Value }) : form;
    }

    /// <summary>The entry with the titles of its codes, as a program sends it.</summary>
    public async Task<Outcome<Entry>> TitledAsync(Entry content, Origin origin, CancellationToken ct)
    {
        if (content is not Entry.Problem problem || CodingOf(problem.Code) is not { } coding) return content;
        var found = await FindAsync(coding.Code, origin, ct);
        return found.IsOk ? problem with { Code = With(problem.Code, found.Value) } : found.Refusal;
    }

    /// <summary>Its diagnosis code, or null.</summary>
    public static Coding? CodingOf(Concept code) => code.Codings.FirstOrDefault(coding => coding.System == DiagnosisCodes.System);

    /// <summary>The same problem under that code and no other of ICD-10-CM; null takes it away.</summary>
    public static Concept With(Concept code, DiagnosisCode? diagnosis)
    {
        var others = code.Codings.Where(coding => coding.System != DiagnosisCodes.System);
        return code with { Codings = diagnosis is null ? [.. others] : [new(DiagnosisCodes.System, diagnosis.Code, diagnosis.Title.Length > 0 ? diagnosis.Title : null), .. others] };
    }

    /// <summary>The same problem under the code that it has, in other words or the same.</summary>
    public static Concept Keeping(Concept code, Coding stored) => CodingOf(code) is null ? code with { Codings = [stored, .. code.Codings] } : code;

    private async Task<Outcome<DiagnosisCode>> FindAsync(string code, Origin origin, CancellationToken ct)
    {
        if (await DiagnosisCodes.FindAsync(platform, origin, code, ct) is { } found) return found;
        return await DiagnosisCodes.EditionAsync(platform, origin, ct) is null ? new DiagnosisCode(code, "", true) : Refusals.NoSuchCode;
    }
}
