using System.Text.Json.Serialization;
using Chartroom.Platform.Database;
using Chartroom.Platform.Tenancy;

namespace Chartroom.Scheduling;

/// <summary>Who is offered a reason.</summary>
[JsonConverter(typeof(SnakeCaseNames<CancelUse>))]
public enum CancelUse { Staff, Patient, Both }

/// <summary>What is asked of a reason.</summary>
/// <param name="Name">What people read, 1 to 60 characters; one active of a name.</param>
/// <param name="UsedBy">Who is offered it.</param>
/// <param name="Place">Order in the list, 1 to 99; the first is proposed.</param>
/// <param name="IsActive">Whether it is offered at all; visits that have it keep it.</param>
public sealed record CancelReasonFields(string Name, CancelUse UsedBy, int Place, bool IsActive = true);

/// <summary>Why a visit was cancelled, as the clinic lists it. Says nothing of health.</summary>
public sealed record CancelReason
{
    /// <summary>Key, a word of small letters.</summary>
    public string Code { get; init; } = "";
    /// <summary>What people read.</summary>
    public string Name { get; init; } = "";
    /// <summary>Who is offered it, by code; <c>system</c>: only the program itself.</summary>
    public string UsedBy { get; init; } = "";
    /// <summary>Order in the list.</summary>
    public int Place { get; init; }
    /// <summary>False: kept for the visits that have it.</summary>
    public bool IsActive { get; init; }
    /// <summary>Counts up at each change.</summary>
    public int Version { get; init; }

    internal bool IsFor(CancelUse who) => IsActive && (UsedBy == "both" || UsedBy == Names.Of(who));
}

/// <summary>The codes that the program itself gives; they are there in every clinic.</summary>
internal static class CancelCodes
{
    public const string PatientRequest = "patient_request", BookedInError = "booked_in_error", RequestDeclined = "request_declined";
}

/// <summary>The clinic's reasons, inside the asker's transaction.</summary>
internal static class CancelReasons
{
    /// <summary>All, in their order, with those that are not offered any more: old visits have them.</summary>
    public static AskedRows<CancelReason> Ask(ClinicTx tx) => tx.Ask<CancelReason>(Select, null);

    /// <summary>Refuses <c>scheduling.unknown-cancel-reason</c> for what is not offered to them.</summary>
    public static Refusal? WhatIsWrong(IReadOnlyList<CancelReason> all, string? code, CancelUse who) =>
        all.Any(reason => reason.Code == code && reason.IsFor(who)) ? null : Refusals.UnknownCancelReason.On("reason", Refusals.UnknownCancelReason.Title);

    public const string Select = """
        select code, name, used_by, place, is_active, version
        from cancel_reason
        order by place, lower(name), code
        """;
}
