using System.Text.Json.Serialization;
using Chartroom.Platform.Database;
using Chartroom.Platform.Tenancy;

namespace Chartroom.Paperwork;

/// <summary>How often a paper is asked for.</summary>
[JsonConverter(typeof(Scheduling.SnakeCaseNames<PaperAsked>))]
public enum PaperAsked { Once, Months, Visit }

/// <summary>Of whom. New: without a completed visit before, as the rules of booking have it.</summary>
[JsonConverter(typeof(Scheduling.SnakeCaseNames<PaperPatients>))]
public enum PaperPatients { All, New }

/// <summary>How it came: signed, only seen (a card), or the patient was asked and would not sign.</summary>
[JsonConverter(typeof(Scheduling.SnakeCaseNames<PaperHow>))]
public enum PaperHow { Signed, Seen, Declined }

/// <summary>What is asked of a paper.</summary>
/// <param name="Name">What people read, 1 to 60 characters; one active of a name.</param>
/// <param name="Asked">How often.</param>
/// <param name="Months">For how many calendar months one is good, 1 to 60; with <see cref="PaperAsked.Months"/> only.</param>
/// <param name="Patients">Of whom.</param>
/// <param name="VisitTypeIds">At which kinds of visits; none: at all.</param>
public sealed record PaperFields(string Name, PaperAsked Asked, int? Months = null, PaperPatients Patients = PaperPatients.All, IReadOnlyList<VisitTypeId>? VisitTypeIds = null)
{
    /// <summary>What most clinics ask for; nothing of it is asked until an administrator adds it.</summary>
    internal static readonly IReadOnlyList<PaperFields> Suggestions =
    [
        new("Privacy notice", PaperAsked.Once), new("Consent to treat", PaperAsked.Months, 12), new("Insurance card", PaperAsked.Months, 12),
        new("Intake form", PaperAsked.Once, Patients: PaperPatients.New), new("Financial policy", PaperAsked.Months, 12),
    ];
}

/// <summary>A paper as the clinic lists it.</summary>
public sealed record Paper
{
    public required PaperId Id { get; init; }
    public required string Name { get; init; }
    public required PaperAsked Asked { get; init; }
    public int? Months { get; init; }
    public required PaperPatients Patients { get; init; }
    /// <summary>Empty: at all kinds of visits.</summary>
    public required IReadOnlyList<VisitTypeId> VisitTypeIds { get; init; }
    /// <summary>Names of those kinds, by name.</summary>
    public required IReadOnlyList<string> VisitTypes { get; init; }
    /// <summary>False: not asked for any more.</summary>
    public required bool IsActive { get; init; }
    /// <summary>Counts up at each change.</summary>
    public required int Version { get; init; }
}

/// <summary>A row of <c>paper</c> with its kinds of visits.</summary>
internal sealed record PaperRow
{
    public PaperId Id { get; init; }
    public string Name { get; init; } = "";
    public string Asked { get; init; } = "";
    public int? Months { get; init; }
    public string Patients { get; init; } = "";
    public Guid[] TypeIds { get; init; } = [];
    public string[] TypeNames { get; init; } = [];
    public bool IsActive { get; init; }
    public int Version { get; init; }

    public Paper ToPaper() => new()
    {
        Id = Id, Name = Name, Asked = Enum.Parse<PaperAsked>(Asked, ignoreCase: true), Months = Months, Patients = Enum.Parse<PaperPatients>(Patients, ignoreCase: true),
        VisitTypeIds = [.. TypeIds.Select(VisitTypeId.From)], VisitTypes = TypeNames, IsActive = IsActive, Version = Version,
    };

    /// <summary>All, active ones first, by name.</summary>
    public static AskedRows<PaperRow> Ask(ClinicTx tx) => tx.Ask<PaperRow>(Select, null);

    private const string Select = """
        select paper.id, paper.name, paper.asked, paper.months, paper.patients, paper.is_active, paper.version,
            array(select visit_type.id from paper_visit_type join visit_type on visit_type.id = paper_visit_type.visit_type_id
                where paper_visit_type.paper_id = paper.id order by lower(visit_type.name), visit_type.id) as type_ids,
            array(select visit_type.name from paper_visit_type join visit_type on visit_type.id = paper_visit_type.visit_type_id
                where paper_visit_type.paper_id = paper.id order by lower(visit_type.name), visit_type.id) as type_names
        from paper
        order by paper.is_active desc, lower(paper.name), paper.id
        """;
}
