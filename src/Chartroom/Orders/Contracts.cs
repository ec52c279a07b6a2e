using System.Text.Json.Serialization;
using Chartroom.Charts;
using Chartroom.Platform.Tenancy;
using Chartroom.Platform.Vault;
using Chartroom.Scheduling;

namespace Chartroom.Orders;

/// <summary>Something a clinician has decided to have done.</summary>
[JsonConverter(typeof(IdJson<OrderId>))]
public readonly record struct OrderId(Guid Value) : IId<OrderId>
{
    public static OrderId From(Guid value) => new(value);
    public static OrderId New() => new(Guid.CreateVersion7());
    public static bool TryParse(string? text, out OrderId id) => IdText.TryParse(text, out id);
    public override string ToString() => Value.ToString();
}

/// <summary>What is ordered.</summary>
[JsonConverter(typeof(SnakeCaseNames<OrderKind>))]
public enum OrderKind { Medicine, Test, Imaging, FollowUp, Referral }

/// <summary>How far an order has come.</summary>
[JsonConverter(typeof(SnakeCaseNames<OrderState>))]
public enum OrderState { Open, Done, Cancelled }

/// <summary>The sealed part of an order.</summary>
/// <param name="Words">What to do, 500 characters at most.</param>
/// <param name="Purpose">What for, or null.</param>
public sealed record OrderContent(string Words, string? Purpose)
{
    /// <summary>Warnings in spite of which it was placed.</summary>
    public IReadOnlyList<AcceptedWarning> Accepted { get; init => field = value ?? []; } = [];
}

/// <summary>An order to be placed at a visit.</summary>
public sealed record NewOrder(AppointmentId VisitId, OrderKind Kind, OrderContent Content)
{
    /// <summary>The draft that proposed it and its number there; null for one written by hand. The database refuses it unless a person took that line.</summary>
    public (Guid Draft, int Statement)? ProposedBy { get; init; }
}

/// <summary>An order as it stands.</summary>
public sealed record PlacedOrder(OrderId Id, PatientId PatientId, AppointmentId VisitId, OrderKind Kind, string Words, string? Purpose, OrderState State, int Version)
{
    public IReadOnlyList<AcceptedWarning> Accepted { get; init; } = [];
    public required string PlacedBy { get; init; }
    public required DateTimeOffset PlacedAt { get; init; }
    public string? EndedBy { get; init; }
    public DateTimeOffset? EndedAt { get; init; }
    /// <summary>True for one that was proposed from what was said.</summary>
    public bool IsProposed { get; init; }
}

/// <summary>Places orders inside the caller's clinic transaction, whose opened patient key is the proof that an audit event was taken down.</summary>
public static class OrderBook
{
    public const int LongestWords = 500;

    internal static Cell CellOf(OrderId id) => new("visit_order", "content", id.Value);

    /// <summary>Goes out with the next statement.</summary>
    public static OrderId Add(ClinicTx tx, PatientKey key, NewOrder order)
    {
        var id = OrderId.New();
        tx.Queue(Insert, new
        {
            id, key.Patient, order.VisitId, order.Kind, content = key.Seal(order.Content, CellOf(id)), keyVersion = key.Version, draft = order.ProposedBy?.Draft,
            statement = order.ProposedBy?.Statement, tx.Actor.Staff, now = tx.Now,
        });
        tx.Audit(new("order.placed", "order", id.Value), key.Patient);
        return id;
    }

    /// <summary>A result has come: the order is done. False when there is no such open order of that patient, or none that a result answers.</summary>
    public static async Task<bool> AnswerAsync(ClinicTx tx, PatientId patient, OrderId order, CancellationToken ct)
    {
        if (await tx.ExecuteAsync(Done, new { patient, order, tx.Actor.Staff, now = tx.Now }, ct) == 0) return false;
        tx.Audit(new("order.done", "order", order.Value), patient);
        return true;
    }

    /// <summary>The results were put away: orders that were done are open again.</summary>
    public static async Task ReopenAsync(ClinicTx tx, PatientId patient, IReadOnlyList<OrderId> orders, CancellationToken ct)
    {
        if (orders.Count == 0) return;
        foreach (var order in await tx.QueryAsync<OrderId>(Reopen, new { patient, orders = orders.ToArray() }, ct)) tx.Audit(new("order.reopened", "order", order.Value), patient);
    }

    private const string Done = """
        update visit_order
        set state = 'done', version = version + 1, ended_by = @staff, ended_at = @now
        where id = @order and patient_id = @patient and state = 'open' and kind <> 'medicine'
        """;

    private const string Reopen = """
        update visit_order
        set state = 'open', version = version + 1, ended_by = null, ended_at = null
        where id = any(@orders) and patient_id = @patient and state = 'done'
        returning id
        """;

    private const string Insert = """
        insert into visit_order (id, patient_id, appointment_id, kind, content, key_version, draft_id, statement, placed_by, placed_at)
        values (@id, @patient, @visitId, @kind, @content, @keyVersion, @draft, @statement, @staff, @now)
        """;
}

/// <summary>Reads orders inside the caller's clinic transaction.</summary>
public static class OrderReading
{
    /// <summary>A patient's orders, open ones first, then the latest first; 200 at most.</summary>
    public static async Task<IReadOnlyList<PlacedOrder>> OfPatientAsync(ClinicTx tx, PatientKey key, CancellationToken ct) =>
        [.. (await tx.QueryAsync<OrderRow>(OrderRow.OfPatient, new { key.Patient }, ct)).Select(row => row.Open(key))];

    /// <summary>Orders that others than the transaction's person placed or ended since a moment, the latest first; 200 at most.</summary>
    public static async Task<IReadOnlyList<PlacedOrder>> SinceAsync(ClinicTx tx, PatientKey key, DateTimeOffset since, CancellationToken ct) =>
        [.. (await tx.QueryAsync<OrderRow>(OrderRow.Since, new { key.Patient, since, tx.Actor.Staff }, ct)).Select(row => row.Open(key))];
}
