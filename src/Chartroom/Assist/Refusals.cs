namespace Chartroom.Assist;

/// <summary>Why the assistant's settings say no.</summary>
internal static class Refusals
{
    public static readonly Refusal BadChoice = new("assist.invalid-choice", 422, "Something is missing or cannot be used. Nothing was turned on.");
    public static readonly Refusal OtherRegion = new("assist.other-region", 422, "This clinic's data stays in its region, and the model works elsewhere. Nothing was turned on.");
    public static readonly Refusal Changed = new("assist.changed-meanwhile", 412, "Somebody changed the assistant meanwhile. Look at it anew.");
    public static readonly Refusal Unfit = new("assist.unfit", 422, "This drafter does not fit this feature. An outside model is turned on on its page under Settings, Assistant.");
    public static readonly Refusal NotOn = new("assist.not-on", 409, "No outside model is on for this. Nothing leaves.");
}
