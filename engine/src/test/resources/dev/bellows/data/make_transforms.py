"""Writes transforms.safetensors: images, and what torchvision makes of them."""
import sys

import torch
import torchvision.transforms.functional as F
from safetensors.torch import save_file
from torchvision.transforms import InterpolationMode

torch.manual_seed(0)
image = torch.rand(2, 3, 7, 9)
byte = (torch.rand(2, 3, 7, 9) * 256).to(torch.uint8)
out = {
    "image": image,
    "byte": byte,
    "center": F.center_crop(image, [4, 5]),
    "center_pad": F.center_crop(image, [10, 4]),
    "resize": F.resize(image, [4, 5], antialias=True),
    "resize_up": F.resize(image, [11, 10], antialias=True),
    "resize_plain": F.resize(image, [4, 5], antialias=False),
    "resize_short": F.resize(image, [5], antialias=True),
    "resize_cubic": F.resize(image, [4, 5], InterpolationMode.BICUBIC, antialias=True),
    "resize_nearest": F.resize(image, [4, 5], InterpolationMode.NEAREST),
    "resize_byte": F.resize(byte, [4, 5], antialias=True),
    "normalize": F.normalize(image, [0.1, 0.2, 0.3], [0.5, 0.6, 0.7]),
    "float": F.convert_image_dtype(byte, torch.float32),
    "grey": F.rgb_to_grayscale(image, 3),
    "grey_byte": F.rgb_to_grayscale(byte, 3),
    "brightness": F.adjust_brightness(image, 1.5),
    "contrast": F.adjust_contrast(image, 0.5),
    "saturation": F.adjust_saturation(image, 1.5),
    "saturation_byte": F.adjust_saturation(byte, 1.5),
    "hue": F.adjust_hue(image, 0.2),
    "rotate": F.rotate(image, 27.0),
    "rotate_linear": F.rotate(image, 27.0, InterpolationMode.BILINEAR, fill=[0.0]),
    "rotate_fill": F.rotate(
        byte, -50.0, InterpolationMode.BILINEAR, center=[2, 3], fill=[9.0]
    ),
}
motion = {"angle": 20.0, "translate": [2, -1], "scale": 0.8, "shear": [12.0, -7.0]}
for mode in (InterpolationMode.NEAREST, InterpolationMode.BILINEAR):
    for center in (None, [1, 5]):
        out[f"affine_{mode.value}_{'middle' if center is None else 'center'}"] = F.affine(
            image, **motion, interpolation=mode, fill=[0.5], center=center
        )
save_file({k: v.contiguous() for k, v in out.items()}, sys.argv[1])
