using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace LoRA.MLNet.Training;

/// <summary>
/// Supervised contrastive loss (Khosla et al. 2020, arXiv 2004.11362, its L_out): rows of a class are drawn together and apart from those of
/// other classes, every pair of a batch at once.
/// </summary>
internal static class ContrastiveLoss
{
    // less than any cosine over any sensible temperature
    private const float Unseen = -1e9f;

    /// <summary>The mean over the rows that have another of their class beside them; 0 where none has.</summary>
    /// <param name="features">[b, h], of any length.</param>
    /// <param name="classes">[b].</param>
    /// <param name="temperature">What cosines are divided by.</param>
    public static Tensor Of(Tensor features, Tensor classes, double temperature)
    {
        var unit = functional.normalize(features, p: 2, dim: 1);
        var itself = torch.eye(features.shape[0], dtype: ScalarType.Bool, device: features.device);
        var others = functional.log_softmax((unit.matmul(unit.t()) / temperature).masked_fill(itself, Unseen), dim: 1);
        var same = classes.unsqueeze(0).eq(classes.unsqueeze(1)).logical_and(itself.logical_not()).to(ScalarType.Float32);
        var count = same.sum(dim: 1);
        var perRow = (others * same).sum(dim: 1) / count.clamp_min(1);
        return -perRow.sum() / count.gt(0).sum().clamp_min(1);
    }
}
